using System.Reflection;
using System.Text.RegularExpressions;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Secrets;
using Dbaas.Persistence.Tests.Support;
using Dbaas.Testing.Sql;

namespace Dbaas.Persistence.Tests;

public sealed partial class SqlFormTests
{
    private static readonly IDialect[] Dialects = [new SqliteDialect("nowhere", TimeProvider.System), new MySqlDialect(["Server=nowhere"])];

    public static TheoryData<string> Methods => [.. RowMethods.All().Select(RowMethods.Name).Distinct()];

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_method_uses_no_forbidden_form(string name)
    {
        using var secrets = new SecretBox(new byte[32]);
        var captured = (
            from method in RowMethods.All()
            where RowMethods.Name(method) == name
            from dialect in Dialects
            from matched in new[] { 0, 1 }
            from flag in new[] { false, true }
            select Capture(method, new SqlCapture(new CannedUnit(dialect, secrets, matched)), flag)).ToArray();

        Assert.Contains(captured, statements => statements.Count > 0);
        Assert.Empty(captured.SelectMany(statements => SqlRules.Broken(name, statements)).Distinct());
    }

    [Theory]
    [InlineData("UPDATE a SET b = 1 WHERE NOT EXISTS (SELECT 1 FROM c)")]
    [InlineData("DELETE FROM a WHERE b IN (SELECT b FROM c)")]
    [InlineData("UPDATE a JOIN b ON a.c = b.c SET a.d = 1")]
    [InlineData("SELECT a FROM b WHERE c = 1 FOR UPDATE")]
    [InlineData("SELECT GET_LOCK('a', 1)")]
    [InlineData("INSERT IGNORE INTO a (b) VALUES (1)")]
    [InlineData("SELECT a FROM b WHERE c = 1", "UPDATE b SET a = 2 WHERE c = 1")]
    [InlineData("SELECT 1 FROM x JOIN b ON x.c = b.c", "DELETE FROM b")]
    public void The_rules_find_what_they_are_for(params string[] statements) => Assert.NotEmpty(SqlRules.Broken("Rows.Method", statements));

    [Fact]
    public void Every_table_has_a_primary_key_of_ours()
    {
        var assembly = typeof(Database).Assembly;
        var tables = assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        })
            .SelectMany(script => script.Split(";\n"))
            .Where(statement => statement.Contains("CREATE TABLE", StringComparison.Ordinal))
            .ToArray();

        Assert.InRange(tables.Length, 14, 1000);
        Assert.All(tables, table =>
        {
            Assert.Contains("PRIMARY KEY", table, StringComparison.Ordinal);
            Assert.DoesNotMatch(Automatic(), table);
            Assert.Contains("{options}", table, StringComparison.Ordinal);
        });
    }

    private static List<string> Capture(MethodInfo method, SqlCapture unit, bool flag)
    {
        RowMethods.Call(method, unit, flag);
        return unit.Statements;
    }

    [GeneratedRegex(@"AUTO_?INCREMENT|\bSERIAL\b", RegexOptions.IgnoreCase)]
    private static partial Regex Automatic();
}

/// <summary>Every statement of every method is understood by the database.</summary>
public abstract class SqlUnderstoodTests(ControlDatabase on)
{
    public static TheoryData<string> Methods => SqlFormTests.Methods;

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_method_is_understood(string name)
    {
        foreach (var method in RowMethods.All().Where(method => RowMethods.Name(method) == name))
        {
            foreach (var flag in new[] { false, true })
            {
                // Rolled back, so that one call does not stand in the way of the next.
                await Assert.ThrowsAsync<UnderstoodException>(() => on.Write(unit =>
                {
                    RowMethods.Call(method, unit, flag);
                    throw new UnderstoodException();
                }));
            }
        }
    }

    private sealed class UnderstoodException : Exception;
}

public sealed class SqlUnderstoodTestsOnSqlite(SqliteControlDatabase on) : SqlUnderstoodTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class SqlUnderstoodTestsOnMariaDb(MariaDbControlDatabase on) : SqlUnderstoodTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class SqlUnderstoodTestsOnMySql(MySqlControlDatabase on) : SqlUnderstoodTests(on), IClassFixture<MySqlControlDatabase>;
