using System.Text;
using Dbaas.Datastores.MySql.Accounts;
using Dbaas.Datastores.MySql.Connections;
using FsCheck;
using FsCheck.Fluent;

namespace Dbaas.MySql.Tests.Connections;

/// <summary>
/// What was quoted comes back through the engine's own rules for reading, and ends where it should whatever stands behind it.
/// </summary>
public sealed class SqlProperties
{
    // Mostly what quoting is about, in any order; surrogates only in pairs.
    private static readonly Gen<string> Texts =
        from parts in Gen.ArrayOf(Gen.OneOf(
            Gen.Elements("'", "\"", "`", "\\", "\0", "\n", "\r", "\x1a", "%", "_", "\\_", "--", "/*", ";", " ", "\U0001F600", "ж", "数"),
            Gen.Choose(1, 0x2fff).Select(code => ((char)code).ToString())))
        select string.Concat(parts);

    [Fact]
    public void A_string_constant_is_read_back_as_it_was() =>
        Check(text => ReadLiteral(Sql.Literal(text) + ", 'rest'") == (text, ", 'rest'"));

    [Fact]
    public void A_name_is_read_back_as_it_was() => Check(text => ReadIdentifier(Sql.Identifier(text) + ".`rest`") == (text, ".`rest`"));

    [Fact]
    public void An_account_is_two_constants() => Check(text =>
    {
        var (user, behind) = ReadLiteral(Sql.Account(text, text + "%"));
        return user == text && behind[0] == '@' && ReadLiteral(behind[1..]) == (text + "%", "");
    });

    [Fact]
    public void A_grant_is_for_the_one_database_and_comes_back_from_the_table_of_grants() => Check(text =>
    {
        var (pattern, behind) = ReadIdentifier(Sql.Identifier(Sql.EscapeWildcards(text)) + ".*");
        return behind == ".*" && Sql.UnescapeWildcards(pattern) == text && !HasWildcard(pattern);
    });

    [Fact]
    public void Pages_of_every_size_put_together_are_the_whole_list() => Prop.ForAll(
        (from names in Gen.ArrayOf(Texts) from limit in Gen.Choose(1, 7) select (names, limit)).ToArbitrary(),
        wanted =>
        {
            var all = wanted.names.Distinct().Order(StringComparer.Ordinal).ToList();
            var seen = new List<string>();
            var pages = 0;
            string? marker = null;
            do
            {
                var after = marker;
                (var page, marker) = Paging.Take(
                    all, wanted.limit, name => after is null || string.CompareOrdinal(name, after) > 0, name => name);
                seen.AddRange(page);
                pages++;
            }
            while (marker is not null && pages <= all.Count);

            return seen.SequenceEqual(all) && pages == Math.Max(1, (all.Count + wanted.limit - 1) / wanted.limit);
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(500));

    private static void Check(Func<string, bool> property) =>
        Prop.ForAll(Texts.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(2000));

    /// <summary>A constant as the engine reads it without NO_BACKSLASH_ESCAPES.</summary>
    private static (string Value, string Behind) ReadLiteral(string sql)
    {
        Assert.Equal('\'', sql[0]);
        var value = new StringBuilder();
        for (var i = 1; i < sql.Length; i++)
        {
            switch (sql[i])
            {
                case '\\':
                    value.Append(
                        sql[++i] switch
                        {
                            '0' => '\0', 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'Z' => '\x1a', var other => other,
                        });
                    break;
                case '\'' when i + 1 < sql.Length && sql[i + 1] == '\'':
                    value.Append(sql[++i]);
                    break;
                case '\'':
                    return (value.ToString(), sql[(i + 1)..]);
                default:
                    value.Append(sql[i]);
                    break;
            }
        }

        throw new FormatException("The constant does not end.");
    }

    private static (string Value, string Behind) ReadIdentifier(string sql)
    {
        Assert.Equal('`', sql[0]);
        var value = new StringBuilder();
        for (var i = 1; i < sql.Length; i++)
        {
            if (sql[i] != '`')
            {
                value.Append(sql[i]);
            }
            else if (i + 1 < sql.Length && sql[i + 1] == '`')
            {
                value.Append(sql[++i]);
            }
            else
            {
                return (value.ToString(), sql[(i + 1)..]);
            }
        }

        throw new FormatException("The name does not end.");
    }

    private static bool HasWildcard(string pattern)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
            {
                i++;
            }
            else if (pattern[i] is '_' or '%')
            {
                return true;
            }
        }

        return false;
    }
}
