using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>Parameters that shape the data: no server with others can read it.</summary>
internal static class DataShape
{
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(Session session, CancellationToken cancellationToken)
    {
        var row = (await session.RowsAsync("SELECT @@GLOBAL.lower_case_table_names, @@GLOBAL.innodb_page_size", cancellationToken))[0];
        return new Dictionary<string, string> { ["lower_case_table_names"] = row[0]!, ["innodb_page_size"] = row[1]! };
    }

    /// <summary>What was asked of an instance may not fit data that it did not make.</summary>
    /// <param name="shape">Of the data.</param>
    /// <param name="settings">What was asked for.</param>
    /// <param name="whose">Begins the fault: "The master's".</param>
    /// <exception cref="Contract.DatastoreException">Precondition: it does not fit.</exception>
    public static void Check(IReadOnlyDictionary<string, string> shape, ServerSettings settings, string whose)
    {
        foreach (var (name, value) in shape)
        {
            if (settings.Configuration.TryGetValue(name, out var asked) && OptionFile.SizeOf(asked) != OptionFile.SizeOf(value))
            {
                throw Faults.Precondition(
                    $"{whose} data was made with {name} = {value}; this instance was asked for {asked}, which cannot read it.");
            }
        }
    }
}
