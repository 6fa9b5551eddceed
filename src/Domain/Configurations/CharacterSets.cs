namespace Dbaas.Domain.Configurations;

/// <summary>Character sets and their collations, as MySQL and MariaDB name them.</summary>
public static class CharacterSets
{
    /// <summary>A collation of this character set: it begins with its name, or is called like it (<c>binary</c>).</summary>
    /// <param name="collation">A collation's name.</param>
    /// <param name="characterSet">A character set's name. <c>utf8</c> and <c>utf8mb3</c> are the same.</param>
    public static bool Fits(string collation, string characterSet)
    {
        var (name, characters) = (Same(collation), Same(characterSet));
        return name == characters || name.StartsWith(characters + "_", StringComparison.Ordinal)
            || name.StartsWith(ForAny, StringComparison.Ordinal);
    }

    /// <summary>MariaDB has these for each Unicode character set.</summary>
    private const string ForAny = "uca1400_";

    // Engines have two names for one of them.
    private static string Same(string name) => name.ToLowerInvariant().Replace("utf8mb3", "utf8", StringComparison.Ordinal);
}
