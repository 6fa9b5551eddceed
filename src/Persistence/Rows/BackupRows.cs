using Dbaas.Domain.Backups;

namespace Dbaas.Persistence.Rows;

/// <summary>The backups table: reading and inserting. What operations change is in <see cref="BackupChanges"/>.</summary>
public static class BackupRows
{
    /// <summary>No chain has more backups: each costs a restore its time.</summary>
    public const int LongestChain = 100;

    // Without the key: it is read by itself, where it is needed.
    private const string Columns = """
        id, tenant_id, name, description, instance_id, datastore_version_id, parent_id, child_count, state, place, stored_bytes,
        dataset_bytes, objects, document, recipients, root_enabled, fault_message, created, updated, lock_owner, lock_shared, version,
        deleted, ended, schedule_id, own_key, verification, verifier_id, verify_tries, verify_fault, verified_at, verified_fault,
        verified_tables, verified_rows, verified_checksum, taken_on, location
        """;

    /// <summary>Adds a row; the operation that makes it owns it.</summary>
    public static void Insert(IUnit unit, Backup backup) =>
        unit.Execute(
            $"""
            INSERT INTO backups ({Columns}) VALUES (
              @Id, @TenantId, @Name, @Description, @InstanceId, @DatastoreVersionId, @ParentId, 0, 'New', @Place, NULL,
              NULL, NULL, NULL, '', @rootEnabled, NULL, @Created, @Updated, NULL, 0, 0,
              0, NULL, @ScheduleId, 0, @verification, NULL, 0, NULL, NULL, NULL,
              NULL, NULL, NULL, NULL, @Location)
            """,
            new
            {
                backup.Id,
                backup.TenantId,
                backup.Name,
                backup.Description,
                backup.InstanceId,
                backup.DatastoreVersionId,
                backup.ParentId,
                backup.Place,
                rootEnabled = backup.RootEnabled ? 1 : 0,
                backup.Created,
                backup.Updated,
                backup.ScheduleId,
                backup.Location,
                verification = backup.Verification == VerificationState.Waiting ? nameof(VerificationState.Waiting) : null,
            });

    /// <summary>The backup, deleted ones too.</summary>
    public static Backup? Find(IUnit unit, string id) =>
        unit.First<Backup>($"SELECT {Columns} FROM backups WHERE id = @id", new { id });

    /// <summary>The private key of its chain; null: there is none (any more).</summary>
    public static string? Identity(IUnit unit, string id) =>
        unit.Secrets.Open(unit.First<Backup>("SELECT id, identity FROM backups WHERE id = @id", new { id })?.Identity, id);

    /// <summary>The newest complete one of an instance; null: there is none.</summary>
    public static Backup? Newest(IUnit unit, string instanceId) =>
        unit.First<Backup>(
            $"""
            SELECT {Columns} FROM backups WHERE instance_id = @instanceId AND deleted = 0 AND state = 'Completed'
            ORDER BY id DESC LIMIT 1
            """,
            new { instanceId });

    /// <summary>A complete one of a project that another service stored there; null: there is none.</summary>
    public static Backup? AtLocation(IUnit unit, string tenantId, string location) =>
        unit.First<Backup>(
            $"""
            SELECT {Columns} FROM backups
            WHERE tenant_id = @tenantId AND location = @location AND deleted = 0 AND state = 'Completed' ORDER BY id DESC LIMIT 1
            """,
            new { tenantId, location });

    /// <summary>Some of those whose emptied place is to be looked at once more by now, the longest due first.</summary>
    public static IReadOnlyList<Backup> ToSweep(IUnit unit, long now, int limit) =>
        unit.Query<Backup>($"SELECT {Columns} FROM backups WHERE sweep_at <= @now ORDER BY sweep_at LIMIT @limit", new { now, limit });

    /// <summary>All that a schedule made and that are there, in id order.</summary>
    public static IReadOnlyList<Backup> OfSchedule(IUnit unit, string scheduleId) =>
        unit.Query<Backup>(
            $"SELECT {Columns} FROM backups WHERE schedule_id = @scheduleId AND deleted = 0 ORDER BY id", new { scheduleId });

    /// <summary>The newest complete one that a schedule made of an instance; null: there is none.</summary>
    public static Backup? NewestOfSchedule(IUnit unit, string scheduleId, string instanceId) =>
        unit.First<Backup>(
            $"""
            SELECT {Columns} FROM backups
            WHERE schedule_id = @scheduleId AND instance_id = @instanceId AND deleted = 0 AND state = 'Completed'
            ORDER BY id DESC LIMIT 1
            """,
            new { scheduleId, instanceId });

    /// <summary>The backup and those that it follows on, the complete one first; deleted ones too.</summary>
    public static IReadOnlyList<Backup> Chain(IUnit unit, string id)
    {
        var chain = new List<Backup>();
        var next = Find(unit, id);
        while (next is not null && chain.Count < LongestChain)
        {
            chain.Insert(0, next);
            next = next.ParentId is { } parent ? Find(unit, parent) : null;
        }

        return chain;
    }

    /// <summary>The backups that follow on this one, on these, and so on: each behind the one that it follows on.</summary>
    public static IReadOnlyList<Backup> Descendants(IUnit unit, string id)
    {
        var found = new List<Backup>();
        var level = new List<string> { id };
        for (var links = 0; level.Count > 0 && links < LongestChain; links++)
        {
            var next = unit.Query<Backup>(
                $"SELECT {Columns} FROM backups WHERE parent_id IN @level AND deleted = 0 ORDER BY id", new { level }).ToList();
            found.AddRange(next);
            level = [.. next.Select(one => one.Id)];
        }

        return found;
    }

    /// <summary>Those of an instance that are there, in order.</summary>
    public static IReadOnlyList<Backup> Of(IUnit unit, string instanceId) =>
        unit.Query<Backup>(
            $"SELECT {Columns} FROM backups WHERE instance_id = @instanceId AND deleted = 0 ORDER BY id", new { instanceId });

    /// <summary>Those of an instance that are complete, were taken on it, and were asked for at this time or later, in order.</summary>
    public static IReadOnlyList<Backup> CompletedSince(IUnit unit, string instanceId, long since) =>
        unit.Query<Backup>(
            $"""
            SELECT {Columns} FROM backups
            WHERE instance_id = @instanceId AND deleted = 0 AND state = 'Completed' AND taken_on IS NULL AND created >= @since
            ORDER BY id
            """,
            new { instanceId, since });

    /// <summary>A page of backups that are there, newest first, from behind the marker.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="tenantId">Their project; null: of all projects.</param>
    /// <param name="instanceId">What they were taken of; null: of anything.</param>
    /// <param name="scheduleId">The schedule that took them; null: whoever did.</param>
    /// <param name="versions">Their datastore versions; null: any.</param>
    /// <param name="after">The last id of the page before; null: from the beginning.</param>
    /// <param name="limit">At most so many.</param>
    public static IReadOnlyList<Backup> Page(
        IUnit unit, string? tenantId, string? instanceId, string? scheduleId, IReadOnlyCollection<string>? versions, string? after,
        int limit) =>
        unit.Query<Backup>(
            $"""
            SELECT {Columns} FROM backups
            WHERE {(tenantId is null ? "" : "tenant_id = @tenantId AND")} {(instanceId is null ? "" : "instance_id = @instanceId AND")}
              {(scheduleId is null ? "" : "schedule_id = @scheduleId AND")}
              {(versions is null ? "" : "datastore_version_id IN @versions AND")}
              {(after is null ? "" : "id < @after AND")} deleted = 0
            ORDER BY id DESC LIMIT @limit
            """,
            new { tenantId, instanceId, scheduleId, versions, after, limit });
}
