using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>Never a copy that silently lacks rows.</summary>
internal static class CopiedTables
{
    private const int Named = 10;

    /// <param name="flavor">The engine.</param>
    /// <param name="session">The server.</param>
    /// <param name="where">Ends the first half of the fault: "to a slave".</param>
    /// <param name="cancellationToken">Cuts it off.</param>
    /// <exception cref="Contract.DatastoreException">Precondition: some tables would be empty there.</exception>
    public static async Task CheckAsync(Flavor flavor, Session session, string where, CancellationToken cancellationToken)
    {
        var tables = await flavor.TablesNotCopiedAsync(session, cancellationToken);
        if (tables.Count > 0)
        {
            throw Faults.Precondition(
                $"{tables.Count} tables cannot be copied {where}: "
                    + $"{string.Join(", ", tables.Take(Named))}{(tables.Count > Named ? ", …" : "")}. "
                + "Change them to InnoDB, or drop them.");
        }
    }
}
