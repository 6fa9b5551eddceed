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
}
