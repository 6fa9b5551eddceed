using System.Text;

namespace Dbaas.Datastores.MySql.Connections;

/// <summary>Quoting, for statements that take no parameters. Right for the SQL mode that every session of ours has.</summary>
internal static class Sql
{
    /// <summary>A name in backticks.</summary>
    public static string Identifier(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    /// <summary>A string constant.</summary>
    public static string Literal(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('\'');
        foreach (var character in value)
        {
            _ = character switch
            {
                '\0' => text.Append("\\0"),
                '\'' => text.Append("\\'"),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\x1a' => text.Append("\\Z"),
                _ => text.Append(character),
            };
        }

        return text.Append('\'').ToString();
    }

    /// <summary>An account.</summary>
    public static string Account(string user, string host) => $"{Literal(user)}@{Literal(host)}";

    /// <summary>A name in a place where <c>_</c> and <c>%</c> are wildcards.</summary>
    public static string EscapeWildcards(string database) => database
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("_", "\\_", StringComparison.Ordinal)
        .Replace("%", "\\%", StringComparison.Ordinal);

    /// <summary>The opposite of <see cref="EscapeWildcards"/>.</summary>
    public static string UnescapeWildcards(string pattern)
    {
        var text = new StringBuilder(pattern.Length);
        for (var i = 0; i < pattern.Length; i++)
        {
            text.Append(pattern[i] == '\\' && i + 1 < pattern.Length ? pattern[++i] : pattern[i]);
        }

        return text.ToString();
    }
}
