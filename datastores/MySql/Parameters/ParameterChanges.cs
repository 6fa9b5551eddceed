using System.Globalization;
using System.Text.RegularExpressions;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using MySqlConnector;

namespace Dbaas.Datastores.MySql.Parameters;

/// <summary>What is to be set in a running server, and in which words.</summary>
internal static partial class ParameterChanges
{
    private const string CharacterSet = "character_set_server";
    private const string Collation = "collation_server";

    // "Variable … is a read only variable", "… doesn't have a default value", "… is running with the … option".
    private static readonly HashSet<int> ForStart = [1238, 1230, 1290];

    /// <summary>The parameters in which one of several states differs from what is wanted, in the order in which they are set.</summary>
    public static IReadOnlyList<string> Between(
        IReadOnlyList<IReadOnlyDictionary<string, string>> states, IReadOnlyDictionary<string, string> wanted)
    {
        var names = states.SelectMany(state => state.Keys).Concat(wanted.Keys).Distinct()
            .Where(name => states.Any(state => state.GetValueOrDefault(name) != wanted.GetValueOrDefault(name)));
        return Order(names, wanted);
    }

    /// <summary>
    /// In the order in which they are set: a character set brings a collation of its own, so the two are set together.
    /// </summary>
    public static IReadOnlyList<string> Order(IEnumerable<string> parameters, IReadOnlyDictionary<string, string> wanted)
    {
        var names = new SortedSet<string>(parameters, StringComparer.Ordinal);
        if (names.Remove(Collation) | names.Contains(CharacterSet))
        {
            names.Add(CharacterSet);
            if (wanted.ContainsKey(Collation))
            {
                names.Add(Collation);
            }
        }

        return [.. names];
    }

    /// <summary>Sets one.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="value">As option files write it; null: what the engine has by itself.</param>
    public static string Statement(string name, string? value) =>
        $"SET GLOBAL {Sql.Identifier(name)} = {(value is null ? "DEFAULT" : Constant(value))}";

    /// <summary>The engine would take it, with a start.</summary>
    public static bool IsForStart(DatastoreException fault) =>
        fault.InnerException is MySqlException { Number: var number } && ForStart.Contains(number);

    private static string Constant(string value) =>
        Number().IsMatch(value) ? value
        : Size().IsMatch(value) ? Bytes(value)
        : Sql.Literal(value);

    private static string Bytes(string value) =>
        (decimal.Parse(value[..^1], CultureInfo.InvariantCulture) * (1L << (char.ToUpperInvariant(value[^1]) switch
        {
            'K' => 10,
            'M' => 20,
            _ => 30,
        }))).ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^-?[0-9]{1,20}(\.[0-9]{1,20})?([eE][-+]?[0-9]{1,3})?\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"^[0-9]{1,15}[KMGkmg]\z")]
    private static partial Regex Size();
}
