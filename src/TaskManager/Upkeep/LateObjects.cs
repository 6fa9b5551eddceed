using Dbaas.Cloud.Ports;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>
/// Removes what came into the store after it was emptied of a backup, or of an archived log: an agent that was on its way with an object
/// when that was given up, or what a list did not show yet.
/// </summary>
public sealed class LateObjects(IObjects store, IDatabase database, TimeProvider time) : IUpkeep
{
    private const int MostAtOnce = 100;

    /// <inheritdoc />
    public TimeSpan Every => TimeSpan.FromMinutes(5);

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        CloudException? fault = null;
        foreach (var backup in await database.ReadAsync(unit => BackupRows.ToSweep(unit, now, MostAtOnce), cancellationToken))
        {
            await SweepAsync(backup.Place, unit => BackupChanges.Swept(unit, backup.Id));
        }

        foreach (var log in await database.ReadAsync(unit => ArchivedLogRows.ToSweep(unit, now, MostAtOnce), cancellationToken))
        {
            await SweepAsync(log.Place, unit => ArchivedLogChanges.Swept(unit, log.Id));
        }

        if (fault is not null)
        {
            throw fault;
        }

        async Task SweepAsync(string place, Action<IUnit> done)
        {
            try
            {
                await new StoredObjects(store).DeleteAllAsync(place, known: null, cancellationToken);
                await database.WriteAsync(done, cancellationToken);
            }
            catch (CloudException e)
            {
                // One place that the store refuses keeps no other from its turn.
                fault = e;
            }
        }
    }
}
