using Dbaas.Domain;
using Dbaas.Domain.Archives;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>
/// Archived logs go with the backups that they made a moment of. What no backup needs at one time none needs later: each begins after it.
/// </summary>
public sealed class UnneededLogs(IDatabase database, ControlSignals signals, IIdSource ids, TimeProvider time) : IUpkeep
{
    private const int MostAtOnce = 100;

    private readonly Round round = new(atOnce: 200);

    /// <inheritdoc />
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var (archived, unneeded) = await database.ReadAsync(
            unit =>
            {
                var some = ArchivedLogRows.InstancesWithClosed(unit, round.After, round.AtOnce);
                return (some, some
                    .SelectMany(id => RestorableTimes.Unneeded(BackupRows.Of(unit, id), ArchivedLogRows.Of(unit, id)))
                    .Where(log => log.LockOwner is null)
                    .Take(MostAtOnce)
                    .ToList());
            },
            cancellationToken);
        round.Saw(archived);
        foreach (var log in unneeded)
        {
            var operationId = ids.NewId();
            var started = await database.WriteAsync(
                unit =>
                {
                    if (!LockRows.TryOwnLog(unit, log.Id, operationId))
                    {
                        return false;
                    }

                    OperationRows.Insert(unit, operationId, OperationKinds.DeleteLog, log.InstanceId, null, now, Subject.Log(log.Id));
                    return true;
                },
                cancellationToken);
            if (started)
            {
                signals.OperationIsDue();
            }
        }
    }
}
