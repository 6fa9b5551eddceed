using Dbaas.Domain.Instances;

namespace Dbaas.Persistence.Rows;

/// <summary>The instances table: reading and inserting. What operations change is in <see cref="InstanceChanges"/>.</summary>
public static class InstanceRows
{
    internal const string Columns = """
        id, tenant_id, name, created, updated, datastore_version_id, flavor_id, memory_mb, volume_size, configuration_id,
        availability_zone, nics, slave_of_id, slave_count, lifecycle, address, port, server_number, binary_log, demote_at, root_enabled,
        fault_message, fault_at, fault_details, not_enforced, lock_owner, lock_shared, fence_counter, role_epoch, version,
        deleted, deleted_at, volume_type, volume_id, is_public, allowed_cidrs, locality, addresses, running_backup,
        point_in_time, running_log, restored_until, restored_position, deletion_protection,
        configuration_version, configuration_due
        """;

    /// <summary>The instance, deleted ones too.</summary>
    public static Instance? Find(IUnit unit, string id) =>
        unit.First<Instance>($"SELECT {Columns} FROM instances WHERE id = @id", new { id });

    /// <summary>How many roles several instances have had.</summary>
    public static IReadOnlyList<RoleEpoch> RoleEpochs(IUnit unit, IReadOnlyCollection<string> ids) =>
        ids.Count == 0
            ? []
            : unit.Query<RoleEpoch>(
                """
                SELECT i.id AS instance_id, i.role_epoch AS epoch, CASE WHEN s.failover = 'Automatic' THEN 1 ELSE 0 END AS fails_over
                FROM instances i LEFT JOIN replica_sets s ON s.master_id = COALESCE(i.slave_of_id, i.id)
                WHERE i.id IN @ids
                """,
                new { ids });

    /// <summary>Instances that are there and name this one as their master, in id order.</summary>
    public static IReadOnlyList<Instance> SlavesOf(IUnit unit, string id) =>
        unit.Query<Instance>($"SELECT {Columns} FROM instances WHERE slave_of_id = @id AND deleted = 0 ORDER BY id", new { id });

    /// <summary>The same of several masters, in id order.</summary>
    public static IReadOnlyList<Instance> SlavesOf(IUnit unit, IReadOnlyCollection<string> ids) =>
        ids.Count == 0
            ? []
            : unit.Query<Instance>($"SELECT {Columns} FROM instances WHERE slave_of_id IN @ids AND deleted = 0 ORDER BY id", new { ids });

    /// <summary>All instances that are there.</summary>
    public static IReadOnlyList<Instance> All(IUnit unit) =>
        unit.Query<Instance>($"SELECT {Columns} FROM instances WHERE deleted = 0 ORDER BY id");

    /// <summary>Several instances, deleted ones too, in id order.</summary>
    public static IReadOnlyList<Instance> Find(IUnit unit, IReadOnlyCollection<string> ids) =>
        ids.Count == 0 ? [] : unit.Query<Instance>($"SELECT {Columns} FROM instances WHERE id IN @ids ORDER BY id", new { ids });

    /// <summary>Some of the instances that are there, in id order, from behind this one.</summary>
    public static IReadOnlyList<Instance> Page(IUnit unit, string after, int limit) =>
        unit.Query<Instance>(
            $"SELECT {Columns} FROM instances WHERE deleted = 0 AND id > @after ORDER BY id LIMIT @limit", new { after, limit });

    /// <summary>Ids of all instances that are there.</summary>
    public static IReadOnlyList<string> LiveIds(IUnit unit) => unit.Query<string>("SELECT id FROM instances WHERE deleted = 0");

    /// <summary>
    /// Ids of masters without slaves that are to be demoted by now, by the database's clock. What is to be demoted later than anybody says
    /// was written before that clock was set back.
    /// </summary>
    public static IReadOnlyList<string> DueForDemotion(IUnit unit) =>
        unit.Query<string>(
            $"""
            SELECT id FROM instances
            WHERE (demote_at <= {unit.Dialect.Now} OR demote_at > {unit.Dialect.Now} + 1200000)
              AND slave_count = 0 AND deleted = 0 AND lock_owner IS NULL
            ORDER BY id
            """);

    /// <summary>
    /// Ids of instances whose databases are to get other values of their configuration groups, and that nobody holds: some, from behind one
    /// on.
    /// </summary>
    public static IReadOnlyList<string> DueForConfiguration(IUnit unit, string after, int limit) =>
        unit.Query<string>(
            """
            SELECT id FROM instances
            WHERE configuration_due = 1 AND deleted = 0 AND lifecycle = 'Ready' AND lock_owner IS NULL AND lock_shared = 0
              AND id > @after
            ORDER BY id LIMIT @limit
            """,
            new { after, limit });

    /// <summary>Adds a row, with an empty row for its guest.</summary>
    public static void Insert(IUnit unit, Instance instance)
    {
        unit.Execute(
            $"""
            INSERT INTO instances ({Columns}) VALUES (
              @Id, @TenantId, @Name, @Created, @Updated, @DatastoreVersionId, @FlavorId, @MemoryMb, @VolumeSize, @ConfigurationId,
              @AvailabilityZone, @Nics, @SlaveOfId, 0, @Lifecycle, NULL, @Port, @ServerNumber, @BinaryLog, NULL, 0,
              NULL, NULL, NULL, '', NULL, 0, 0, 1, 0, 0, NULL, @VolumeType, NULL, @isPublic, @AllowedCidrs, @Locality, NULL, NULL,
              @pointInTime, NULL, NULL, NULL, @deletionProtection, 0, 0)
            """,
            new
            {
                instance.Id,
                instance.TenantId,
                instance.Name,
                instance.Created,
                instance.Updated,
                instance.DatastoreVersionId,
                instance.FlavorId,
                instance.MemoryMb,
                instance.VolumeSize,
                instance.ConfigurationId,
                instance.AvailabilityZone,
                instance.Nics,
                instance.SlaveOfId,
                Lifecycle = instance.Lifecycle.ToString(),
                instance.Port,
                instance.ServerNumber,
                BinaryLog = instance.BinaryLog.ToString(),
                instance.VolumeType,
                isPublic = instance.IsPublic ? 1 : 0,
                pointInTime = instance.PointInTime ? 1 : 0,
                instance.AllowedCidrs,
                instance.Locality,
                deletionProtection = instance.DeletionProtection ? 1 : 0,
            });
        unit.Execute(
            """
            INSERT INTO guests (instance_id, last_seen, server_state, follows, replicating, read_only, log_on, known_slaves)
            VALUES (@Id, 0, '', 0, 0, 0, 0, '')
            """,
            new { instance.Id });
    }

    /// <summary>The next server id: never the same twice.</summary>
    public static long NextServerNumber(IUnit unit)
    {
        // The update comes first: it holds the row, so that the read behind it sees this unit's own number.
        unit.Execute("UPDATE counters SET value = value + 1 WHERE name = 'server_number'");
        return unit.First<long>("SELECT value FROM counters WHERE name = 'server_number'");
    }
}
