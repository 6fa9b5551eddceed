using Dbaas.Domain;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TaskManager.Operations.ForgetSlave;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>Finds replication users on masters that belong to no slave, and has them forgotten.</summary>
public sealed class OrphanedSlaveUsers(IDatabase database, ControlSignals signals, IIdSource ids, TimeProvider time) : IUpkeep
{
    // A guest is not trusted: it cannot make itself more work for us than this. The others come when the first ones are gone.
    private const int MostAtOnce = 64;

    private readonly Round round = new(atOnce: 500);

    /// <inheritdoc />
    public TimeSpan Every => TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var guests = await database.ReadAsync(unit => GuestRows.Page(unit, round.After, round.AtOnce), cancellationToken);
        round.Saw([.. guests.Select(guest => guest.InstanceId)]);
        var orphans = await database.ReadAsync(
            unit => guests
                .Where(guest => guest.KnownSlaves.Length > 0 && InstanceRows.Find(unit, guest.InstanceId) is { Deleted: false })
                .SelectMany(guest => guest.KnownSlaves.Split(' ')
                    .Where(slave => IsOrphan(unit, guest.InstanceId, slave))
                    .Take(MostAtOnce)
                    .Select(slave => (Master: guest.InstanceId, Slave: slave)))
                .ToList(),
            cancellationToken);
        foreach (var (master, slave) in orphans)
        {
            await database.WriteAsync(unit => ForgetSlaveWorkflow.Start(unit, ids, master, slave, now), cancellationToken);
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
