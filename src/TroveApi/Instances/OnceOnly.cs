using System.Data.Common;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.TroveApi.Instances;

/// <summary>
/// Writes a unit that begins an operation. When the connection breaks at the commit, nobody knows whether it happened, and the unit is run
/// again: its first statement inserts the operation by its id, so a second run fails there, and looking for the operation tells.
/// </summary>
internal static class OnceOnly
{
    public static async Task WriteOnceAsync(
        this IDatabase database, string operationId, Action<IUnit> work, CancellationToken cancellationToken)
    {
        try
        {
            await database.WriteAsync(work, cancellationToken);
        }
        catch (DbException)
        {
            if (await database.ReadAsync(unit => OperationRows.Find(unit, operationId), cancellationToken) is null)
            {
                throw;
            }
        }
    }
}
