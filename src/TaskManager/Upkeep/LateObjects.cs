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
        foreach (var backup in await database.ReadAsync(unit => BackupRows.ToSweep(unit, now, MostAtOnce), cancellationToken))
        {
            await new StoredObjects(store).DeleteAllAsync(backup.Place, known: null, cancellationToken);
            await database.WriteAsync(unit => BackupChanges.Swept(unit, backup.Id), cancellationToken);
        }

        foreach (var log in await database.ReadAsync(unit => ArchivedLogRows.ToSweep(unit, now, MostAtOnce), cancellationToken))
        {
            await new StoredObjects(store).DeleteAllAsync(log.Place, known: null, cancellationToken);
            await database.WriteAsync(unit => ArchivedLogChanges.Swept(unit, log.Id), cancellationToken);
        }
    }
}
