using Dbaas.Domain.Archives;

namespace Dbaas.Persistence.Rows;

/// <summary>The archived_logs table and its parts: reading and inserting. What changes is in <see cref="ArchivedLogChanges"/>.</summary>
public static class ArchivedLogRows
{
    // Without the key: it is read by itself, where it is needed.
    private const string Columns = """
        id, tenant_id, instance_id, previous_id, state, place, run, parts, stored_bytes, from_place, reached_place, position, committed,
        whole_until, gap, begun, ended, ended_because, recipients, created, lock_owner, lock_shared, version, deleted,
        own_key
        """;

    /// <summary>Adds a row; the operation that writes it owns it.</summary>
    public static void Insert(IUnit unit, ArchivedLog log) =>
        unit.Execute(
            $"""
            INSERT INTO archived_logs ({Columns}) VALUES (
              @Id, @TenantId, @InstanceId, @PreviousId, 'Open', @Place, NULL, 0, 0, NULL, NULL, NULL, NULL,
              NULL, NULL, NULL, NULL, NULL, '', @Created, NULL, 0, 0, 0,
              0)
            """,
            new { log.Id, log.TenantId, log.InstanceId, log.PreviousId, log.Place, log.Created });

    /// <summary>The log, deleted ones too.</summary>
    public static ArchivedLog? Find(IUnit unit, string id) =>
        unit.First<ArchivedLog>($"SELECT {Columns} FROM archived_logs WHERE id = @id", new { id });

    /// <summary>Its private key; null: there is none (any more).</summary>
    public static string? Identity(IUnit unit, string id) =>
        unit.Secrets.Open(unit.First<ArchivedLog>("SELECT id, identity FROM archived_logs WHERE id = @id", new { id })?.Identity, id);

    /// <summary>Those of an instance that are there, in order.</summary>
    public static IReadOnlyList<ArchivedLog> Of(IUnit unit, string instanceId) =>
        unit.Query<ArchivedLog>(
            $"SELECT {Columns} FROM archived_logs WHERE instance_id = @instanceId AND deleted = 0 ORDER BY id", new { instanceId });

    /// <summary>The newest of an instance, also when it is gone; null: there never was one.</summary>
    public static ArchivedLog? Newest(IUnit unit, string instanceId) =>
        unit.First<ArchivedLog>(
            $"SELECT {Columns} FROM archived_logs WHERE instance_id = @instanceId ORDER BY id DESC LIMIT 1", new { instanceId });

    /// <summary>Some of those whose emptied place is to be looked at once more by now, the longest due first.</summary>
    public static IReadOnlyList<ArchivedLog> ToSweep(IUnit unit, long now, int limit) =>
        unit.Query<ArchivedLog>(
            $"SELECT {Columns} FROM archived_logs WHERE sweep_at <= @now ORDER BY sweep_at LIMIT @limit", new { now, limit });

    /// <summary>The instances of which there are closed ones, in order, from behind one on.</summary>
    public static IReadOnlyList<string> InstancesWithClosed(IUnit unit, string after, int limit) =>
        unit.Query<string>(
            """
            SELECT DISTINCT instance_id FROM archived_logs WHERE instance_id > @after AND deleted = 0 AND state = 'Closed'
            ORDER BY instance_id LIMIT @limit
            """,
            new { after, limit });

    /// <summary>
    /// Ids of instances that are to be archived and are not, though they are ready and nobody's: some, from behind one on.
    /// </summary>
    public static IReadOnlyList<string> InstancesToArchive(IUnit unit, string after, int limit) =>
        unit.Query<string>(
            """
            SELECT id FROM instances
            WHERE point_in_time = 1 AND deleted = 0 AND running_log IS NULL AND lifecycle = 'Ready' AND lock_owner IS NULL
              AND id > @after
            ORDER BY id LIMIT @limit
            """,
            new { after, limit });

    /// <summary>Ids of instances that are archived now: some, from behind one on.</summary>
    public static IReadOnlyList<string> InstancesArchived(IUnit unit, string after, int limit) =>
        unit.Query<string>(
            """
            SELECT id FROM instances WHERE point_in_time = 1 AND deleted = 0 AND running_log IS NOT NULL AND id > @after
            ORDER BY id LIMIT @limit
            """,
            new { after, limit });

    /// <summary>The parts of a log, in order.</summary>
    public static IReadOnlyList<ArchivedLogPart> Parts(IUnit unit, string logId) =>
        unit.Query<ArchivedLogPart>(
            "SELECT number, size, sha256, committed FROM archived_log_parts WHERE log_id = @logId ORDER BY number", new { logId });
}
