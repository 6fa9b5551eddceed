using Dbaas.Domain;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>Demotes masters whose last slave left them in a way that did not demote them at once.</summary>
public sealed class LateDemotion(IDatabase database, ControlSignals signals, GuestOptions options, IIdSource ids, TimeProvider time)
    : IUpkeep
{
    /// <inheritdoc />
    public TimeSpan Every => TimeSpan.FromSeconds(10);

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();

        // A master that does not answer is left free for its user; its turn comes when it does.
        var late = await database.ReadAsync(
            unit => InstanceRows.DueForDemotion(unit)
                .Where(id => options.IsAnswering(GuestRows.Find(unit, id))).ToList(),
            cancellationToken);
        foreach (var id in late)
        {
            var operation = ids.NewId();
            var started = await database.WriteAsync(
                unit =>
                {
                    if (!LockRows.TryOwn(unit, id, operation, onlyReady: true, onlyWithoutSlaves: true))
                    {
                        return false;
                    }

                    OperationRows.Insert(unit, operation, OperationKinds.DemoteMaster, id, null, now);
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
