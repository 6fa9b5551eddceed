using Dbaas.Domain;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TaskManager.Operations.ForgetSlave;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>Finds replication users on masters that belong to no slave, and has them forgotten.</summary>
public sealed class OrphanedSlaveUsers(IDatabase database, ControlSignals signals, IIdSource ids, TimeProvider time) : IUpkeep
{
    /// <inheritdoc />
    public TimeSpan Every => TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var started = await database.WriteAsync(
            unit =>
            {
                var orphans = GuestRows.WithKnownSlaves(unit)
                    .SelectMany(guest => guest.KnownSlaves.Split(' ').Select(slave => (Master: guest.InstanceId, Slave: slave)))
                    .Where(pair => IsOrphan(unit, pair.Master, pair.Slave))
                    .ToList();
                foreach (var (master, slave) in orphans)
                {
                    ForgetSlaveWorkflow.Start(unit, ids, master, slave, now);
                }

                return orphans.Count;
            },
            cancellationToken);
        if (started > 0)
        {
            signals.OperationIsDue();
        }
    }

    // A slave that is being taken off or undone is looked after by its own operation.
    private static bool IsOrphan(IUnit unit, string master, string slave)
    {
        var row = InstanceRows.Find(unit, slave);
        return row is null or { Deleted: true } || (row.SlaveOfId != master && row.LockOwner is null);
    }
}
