using Dbaas.Domain.Archives;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Domain.Quotas;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation.Guests;

namespace Dbaas.Simulation.Checks;

/// <summary>What must hold whenever everything has come to rest, whatever happened before.</summary>
public static class Invariants
{
    /// <summary>Checks them all.</summary>
    /// <exception cref="SimulationException">With every rule that is broken, by name.</exception>
    public static async Task CheckAsync(World world)
    {
        var findings = new Findings();
        var rows = await world.Database.ReadAsync(AllRows, CancellationToken.None);
        await world.Database.ReadAsync(
            unit =>
            {
                CheckOperations(unit, findings);
                CheckRows(unit, rows, findings);
                CheckLeftovers(unit, world, rows, findings);
                BackupInvariants.Check(unit, world, rows, findings);
                return true;
            },
            CancellationToken.None);
        CheckReplication(world, rows, findings);
        findings.Add("the cloud is used in order", world.Cloud.Violations);
        findings.ThrowIfAny();
    }

    /// <summary>Checks those about operations and locks: they hold also where a guest does for good what it should not.</summary>
    /// <exception cref="SimulationException">With every rule that is broken, by name.</exception>
    public static async Task CheckOperationsAsync(World world)
    {
        var findings = new Findings();
        await world.Database.ReadAsync(
            unit =>
            {
                CheckOperations(unit, findings);
                return true;
            },
            CancellationToken.None);
        findings.ThrowIfAny();
    }

    internal static IReadOnlyList<Backup> AllBackups(IUnit unit) =>
        unit.Query<string>("SELECT id FROM backups ORDER BY id").Select(id => BackupRows.Find(unit, id)!).ToList();

    internal static IReadOnlyList<ArchivedLog> AllLogs(IUnit unit) =>
        unit.Query<string>("SELECT id FROM archived_logs ORDER BY id").Select(id => ArchivedLogRows.Find(unit, id)!).ToList();

    internal static IReadOnlyList<Instance> AllRows(IUnit unit) =>
        unit.Query<string>("SELECT id FROM instances ORDER BY id").Select(id => InstanceRows.Find(unit, id)!).ToList();

    private static void CheckOperations(IUnit unit, Findings findings)
    {
        findings.Add("no operation is active", unit.Query<string>(
            "SELECT CONCAT(kind, ' ', id, ' at ', step_name) FROM operations WHERE status IN ('Running', 'Undoing')"));
        findings.Add("an ended operation keeps no secret", unit.Query<string>(
            "SELECT CONCAT(kind, ' ', id) FROM operations WHERE goal IS NOT NULL OR state IS NOT NULL"));
        findings.Add("an ended operation is nobody's", unit.Query<string>(
            "SELECT CONCAT(kind, ' ', id) FROM operations WHERE owner IS NOT NULL OR lease_until IS NOT NULL OR ended IS NULL"));
        findings.Add("an ended operation leaves no command", unit.Query<string>(
            "SELECT id FROM guest_commands WHERE operation_id IS NOT NULL"));
        findings.Add("an operation ends once in the history", unit.Query<string>(
            """
            SELECT CONCAT(o.kind, ' ', o.id, ': ', COALESCE(group_concat(h.outcome), 'nothing'))
            FROM operations o LEFT JOIN instance_history h ON h.operation_id = o.id AND h.step IS NULL AND h.outcome <> 'started'
            GROUP BY o.id HAVING COUNT(h.id) <> 1 OR MAX(h.outcome) <> LOWER(MAX(o.status))
            """));
        findings.Add("no lock is held", unit.Query<string>(
            """
            SELECT CONCAT('instance ', id) FROM instances WHERE lock_owner IS NOT NULL OR lock_shared <> 0
            UNION ALL SELECT CONCAT('backup ', id) FROM backups WHERE lock_owner IS NOT NULL OR lock_shared <> 0
            UNION ALL SELECT CONCAT('remembered ', subject_id, ' ', mode) FROM operation_locks
            """));
    }

    private static void CheckRows(IUnit unit, IReadOnlyList<Instance> rows, Findings findings)
    {
        var live = rows.Where(row => !row.Deleted).ToList();
        findings.Add("a master counts the slaves that name it", rows
            .Where(row => row.SlaveCount != live.Count(other => other.SlaveOfId == row.Id))
            .Select(row => $"{row.Name} counts {row.SlaveCount}"));
        findings.Add(
            "a deleted instance names no master", rows.Where(row => row is { Deleted: true, SlaveOfId: not null }).Select(row => row.Name));
        findings.Add("nothing is half built", live.Where(row => row.Lifecycle == Lifecycle.Building).Select(row => row.Name));
        findings.Add("no demotion is forgotten", live
            .Where(row => row is { DemoteAt: not null, SlaveCount: 0 })
            .Select(row => $"{row.Name} ({row.Lifecycle}) at {row.DemoteAt}, fault: {row.FaultMessage}"));
        findings.Add("quota is what the live instances take", QuotaRows.Of(unit, ControlApi.Project)
            .Where(quota => quota.Resource is not QuotaResources.Backups and not QuotaResources.BackupSchedules)
            .Where(quota => quota.Reserved != 0 || quota.InUse != live.Where(row => row.TenantId == ControlApi.Project)
                .Sum(row => ControlApi.CostOf(row).GetValueOrDefault(quota.Resource)))
            .Select(quota => $"{quota.Resource}: {quota.InUse}, reserved {quota.Reserved}"));
    }

    private static void CheckLeftovers(IUnit unit, World world, IReadOnlyList<Instance> rows, Findings findings)
    {
        var undone = unit.Query<string>(
            "SELECT instance_id FROM operations WHERE kind IN (@instance, @slave, @restored) AND status = 'Failed'",
            new
            {
                instance = OperationKinds.CreateInstance, slave = OperationKinds.CreateSlave, restored = OperationKinds.RestoreInstance,
            }).ToHashSet();
        var wanted = rows.Where(row => !row.Deleted && !undone.Contains(row.Id)).Select(row => row.Id).ToHashSet();
        findings.Add("nothing is left in the cloud", world.Cloud.Everything
            .Where(thing => !wanted.Contains(thing.Key)).Select(thing => $"{thing.Kind} of {thing.Key}"));
        findings.Add("what is gone cannot identify itself", unit.Query<string>(
            "SELECT instance_id FROM guests WHERE certificate_serial IS NOT NULL OR enrolment_hash IS NOT NULL")
            .Where(id => !wanted.Contains(id)));
        foreach (var row in rows.Where(row => row is { Deleted: false, Lifecycle: Lifecycle.Ready }))
        {
            findings.Add(
                "the cloud has the sizes of the row", world.Cloud.HasSizesOf(row) ? [] : [$"{row.Name}: {world.Cloud.Describe(row.Id)}"]);
            findings.Add("a ready instance has its server, volume and port", new[] { "server", "volume", "port" }
                .Where(kind => !world.Cloud.Everything.Contains((kind, row.Id))).Select(kind => $"{row.Name} lacks its {kind}"));
        }
    }

    private static void CheckReplication(World world, IReadOnlyList<Instance> rows, Findings findings)
    {
        var guests = world.Cloud.Guests.ToDictionary(guest => guest.InstanceId);
        var ready = rows.Where(row => row is { Deleted: false, Lifecycle: Lifecycle.Ready } && guests.ContainsKey(row.Id)).ToList();
        foreach (var row in ready)
        {
            var database = guests[row.Id].Database;
            findings.Add("a replication user belongs to a slave", database.ReplicationUsers.Keys
                .Where(slave => !rows.Any(other => other.Id == slave && !other.Deleted && other.SlaveOfId == row.Id))
                .Select(slave => $"{row.Name} keeps one for {slave}"));
            findings.Add("no offer is open", database.Offers.Select(offer => $"{row.Name} offers {offer.Key} to {offer.Value}"));
            findings.Add(
                "a master without slaves is demoted", row is { SlaveCount: 0, BinaryLog: BinaryLogChoice.WhenReplicating, SlaveOfId: null }
                && database.LogOn ? [row.Name] : []);
            findings.Add("a slave follows, and is fed", Follows(row, guests));
        }
    }

    private static IEnumerable<string> Follows(Instance row, Dictionary<string, SimulatedGuest> guests)
    {
        var database = guests[row.Id].Database;
        if (database.Follows != row.SlaveOfId || database.IsReadOnly != (row.SlaveOfId is not null))
        {
            yield return $"{row.Name} follows '{database.Follows}' (read only: {database.IsReadOnly}), its row says '{row.SlaveOfId}'";
        }
        else if (row.SlaveOfId is { } master && guests.TryGetValue(master, out var fed) && !fed.Database.Feeds(database, row.Id))
        {
            yield return $"{row.Name} is not fed by its master";
        }
    }
}
