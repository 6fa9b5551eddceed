using System.Text.Json;
using Dbaas.Domain.Instances;

namespace Dbaas.Persistence.Rows;

/// <summary>Guarded changes of an instance's row. Each says whether it matched.</summary>
public static class InstanceChanges
{
    /// <summary>A slave more names this master.</summary>
    /// <returns>False: the master is not there, is not ready, is a slave itself, or is held by an operation of its own.</returns>
    public static bool AddSlave(IUnit unit, string masterId) =>
        unit.Execute(
            """
            UPDATE instances SET slave_count = slave_count + 1, demote_at = NULL, version = version + 1
            WHERE id = @masterId AND deleted = 0 AND lifecycle = 'Ready' AND slave_of_id IS NULL AND lock_owner IS NULL
            """,
            new { masterId }) == 1;

    /// <summary>
    /// This slave names no master any more, and its master counts one less. It has a new role: the epoch rises. Nothing when it named none.
    /// </summary>
    /// <param name="unit">The unit.</param>
    /// <param name="slaveId">The slave.</param>
    /// <param name="masterId">Its master.</param>
    /// <param name="demoteAt">When the master is to be demoted if this was its last slave; null: the caller sees to it.</param>
    /// <returns>True when the row changed now.</returns>
    public static bool RemoveSlave(IUnit unit, string slaveId, string masterId, long? demoteAt)
    {
        var changed = unit.Execute(
            """
            UPDATE instances SET slave_of_id = NULL, role_epoch = role_epoch + 1, version = version + 1
            WHERE id = @slaveId AND slave_of_id = @masterId
            """,
            new { slaveId, masterId }) == 1;
        if (changed)
        {
            // demote_at comes first: MariaDB assigns from left to right, and would already see the lower count behind it.
            unit.Execute(
                """
                UPDATE instances SET
                  demote_at = CASE WHEN slave_count = 1 AND binary_log = 'WhenReplicating' THEN @demoteAt ELSE demote_at END,
                  slave_count = slave_count - 1, version = version + 1
                WHERE id = @masterId
                """,
                new { masterId, demoteAt });
        }

        return changed;
    }

    /// <summary>
    /// A slave takes the place of its master, and its other slaves follow it from now on. The operation owns them all. Nothing to do when
    /// it is so already.
    /// </summary>
    /// <param name="unit">The unit.</param>
    /// <param name="operationId">Who owns them.</param>
    /// <param name="slaveId">The slave.</param>
    /// <param name="masterId">The master.</param>
    /// <param name="others">All other slaves.</param>
    /// <param name="staysMember">The former master follows it, too; false: it leaves the set.</param>
    public static void ChangeMaster(
        IUnit unit, string operationId, string slaveId, string masterId, IReadOnlyList<string> others, bool staysMember)
    {
        var changed = unit.Execute(
            """
            UPDATE instances SET slave_of_id = NULL, slave_count = @count, demote_at = NULL, role_epoch = role_epoch + 1,
              version = version + 1
            WHERE id = @slaveId AND slave_of_id = @masterId AND lock_owner = @operationId
            """,
            new { slaveId, masterId, operationId, count = others.Count + (staysMember ? 1 : 0) }) == 1;
        if (!changed)
        {
            return;
        }

        unit.Execute(
            """
            UPDATE instances SET slave_of_id = @follows, slave_count = 0, demote_at = NULL, role_epoch = role_epoch + 1,
              version = version + 1
            WHERE id = @masterId
            """,
            new { follows = staysMember ? slaveId : null, masterId });
        ReplicaSetRows.SetMaster(unit, masterId, slaveId);
        foreach (var other in others)
        {
            unit.Execute(
                "UPDATE instances SET slave_of_id = @slaveId, role_epoch = role_epoch + 1, version = version + 1 WHERE id = @other",
                new { slaveId, other });
        }
    }

    /// <summary>The master is as before replication.</summary>
    public static void ClearDemotion(IUnit unit, string id) =>
        unit.Execute("UPDATE instances SET demote_at = NULL, version = version + 1 WHERE id = @id", new { id });

    /// <summary>The demotion did not work: it is to be tried again at that time, if it is still wanted then.</summary>
    public static void PostponeDemotion(IUnit unit, string id, long demoteAt) =>
        unit.Execute(
            "UPDATE instances SET demote_at = @demoteAt, version = version + 1 WHERE id = @id AND demote_at IS NOT NULL",
            new { id, demoteAt });

    /// <summary>Its addresses are known.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="id">The instance.</param>
    /// <param name="address">Where other members and the control plane reach it.</param>
    /// <param name="shown">All that users are shown.</param>
    public static void SetAddresses(IUnit unit, string id, string address, IReadOnlyList<InstanceAddress> shown) =>
        unit.Execute(
            "UPDATE instances SET address = @address, addresses = @addresses, version = version + 1 WHERE id = @id",
            new { id, address, addresses = JsonSerializer.Serialize(shown, JsonSerializerOptions.Web) });

    /// <summary>Who may reach it; null: as before.</summary>
    public static void SetAccess(IUnit unit, string id, bool? isPublic, string? allowedCidrs, long now) =>
        unit.Execute(
            """
            UPDATE instances SET is_public = COALESCE(@isPublic, is_public), allowed_cidrs = COALESCE(@allowedCidrs, allowed_cidrs),
              updated = @now, version = version + 1
            WHERE id = @id
            """,
            new { id, isPublic = isPublic is { } value ? (value ? 1 : 0) : (int?)null, allowedCidrs, now });

    /// <summary>The plane's id of its volume.</summary>
    public static void SetVolumeId(IUnit unit, string id, string volumeId) =>
        unit.Execute(
            "UPDATE instances SET volume_id = @volumeId, version = version + 1 WHERE id = @id", new { id, volumeId });

    /// <summary>What of it the plane does not enforce.</summary>
    public static void SetNotEnforced(IUnit unit, string id, string notEnforced) =>
        unit.Execute("UPDATE instances SET not_enforced = @notEnforced, version = version + 1 WHERE id = @id", new { id, notEnforced });

    /// <summary>Where it stands; a fault is forgotten.</summary>
    public static void SetReady(IUnit unit, string id, long now) =>
        unit.Execute(
            """
            UPDATE instances SET lifecycle = 'Ready', fault_message = NULL, fault_at = NULL, fault_details = NULL, updated = @now,
              version = version + 1
            WHERE id = @id
            """,
            new { id, now });

    /// <summary>What went wrong.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="id">The instance.</param>
    /// <param name="lifecycle">Null: unchanged.</param>
    /// <param name="message">For the user.</param>
    /// <param name="details">For administrators.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static void SetFault(IUnit unit, string id, Lifecycle? lifecycle, string message, string? details, long now) =>
        unit.Execute(
            """
            UPDATE instances SET lifecycle = COALESCE(@lifecycle, lifecycle), fault_message = @message, fault_details = @details,
              fault_at = @now, updated = @now, version = version + 1
            WHERE id = @id
            """,
            new { id, lifecycle = lifecycle?.ToString(), message = message.Length > 2000 ? message[..2000] : message, details, now });

    /// <summary>It has no server that works (any more).</summary>
    public static void SetBroken(IUnit unit, string id) =>
        unit.Execute("UPDATE instances SET lifecycle = 'Broken', version = version + 1 WHERE id = @id AND lifecycle = 'Ready'", new { id });

    /// <summary>Its server is gone from the compute plane: it can be rebuilt or deleted.</summary>
    /// <returns>False: it is not ready, or an operation has it and sees for itself.</returns>
    public static bool SetVanished(IUnit unit, string id, string message, long now) =>
        unit.Execute(
            """
            UPDATE instances SET lifecycle = 'Broken', fault_message = @message, fault_details = NULL, fault_at = @now, updated = @now,
              version = version + 1
            WHERE id = @id AND deleted = 0 AND lifecycle = 'Ready' AND lock_owner IS NULL AND lock_shared = 0
            """,
            new { id, message, now }) == 1;

    /// <summary>Renames it.</summary>
    public static void SetName(IUnit unit, string id, string name, long now) =>
        unit.Execute(
            "UPDATE instances SET name = @name, updated = @now, version = version + 1 WHERE id = @id AND deleted = 0",
            new { id, name, now });

    /// <summary>Whether it can be deleted, if nothing has changed the row since it was read.</summary>
    /// <returns>False: it has changed.</returns>
    public static bool TrySetProtection(IUnit unit, string id, bool isProtected, long version, long now) =>
        unit.Execute(
            """
            UPDATE instances SET deletion_protection = @isProtected, updated = @now, version = version + 1
            WHERE id = @id AND version = @version AND deleted = 0
            """,
            new { id, isProtected = isProtected ? 1 : 0, version, now }) == 1;

    /// <summary>Its volume has this size.</summary>
    public static void SetVolumeSize(IUnit unit, string id, int sizeGb, long now) =>
        unit.Execute(
            "UPDATE instances SET volume_size = @sizeGb, updated = @now, version = version + 1 WHERE id = @id", new { id, sizeGb, now });

    /// <summary>It has this flavor.</summary>
    public static void SetFlavor(IUnit unit, string id, string flavorId, int memoryMb, long now) =>
        unit.Execute(
            "UPDATE instances SET flavor_id = @flavorId, memory_mb = @memoryMb, updated = @now, version = version + 1 WHERE id = @id",
            new { id, flavorId, memoryMb, now });

    /// <summary>Something that users see has changed.</summary>
    public static void Touch(IUnit unit, string id, long now) =>
        unit.Execute("UPDATE instances SET updated = @now, version = version + 1 WHERE id = @id", new { id, now });

    /// <summary>The same, if nothing has changed the row since it was read: what was decided by what was read then still holds.</summary>
    /// <returns>False: it has changed.</returns>
    public static bool TryTouch(IUnit unit, string id, long version, long now) =>
        unit.Execute(
            "UPDATE instances SET updated = @now, version = version + 1 WHERE id = @id AND version = @version AND deleted = 0",
            new { id, version, now }) == 1;

    /// <summary>Something that names it is written in this unit: it is there, and who deletes it comes behind.</summary>
    /// <returns>False: it is gone.</returns>
    public static bool TryMention(IUnit unit, string id) =>
        unit.Execute("UPDATE instances SET version = version + 1 WHERE id = @id AND deleted = 0", new { id }) == 1;

    /// <summary>A user has enabled root.</summary>
    public static void SetRootEnabled(IUnit unit, string id, bool enabled) =>
        unit.Execute(
            "UPDATE instances SET root_enabled = @enabled, version = version + 1 WHERE id = @id", new { id, enabled = enabled ? 1 : 0 });

    /// <summary>What its data was made with.</summary>
    public static void SetRestored(IUnit unit, string id, long? until, string position) =>
        unit.Execute(
            "UPDATE instances SET restored_until = @until, restored_position = @position, version = version + 1 WHERE id = @id",
            new { id, until, position });

    /// <summary>Its log is to be archived, or not any more.</summary>
    /// <returns>False: it has no log of its own that is always on, or is gone.</returns>
    public static bool SetPointInTime(IUnit unit, string id, bool wanted, long now) =>
        unit.Execute(
            """
            UPDATE instances SET point_in_time = @wanted, updated = @now, version = version + 1
            WHERE id = @id AND deleted = 0 AND (@wanted = 0 OR (binary_log = 'Always' AND slave_of_id IS NULL))
            """,
            new { id, wanted = wanted ? 1 : 0, now }) == 1;

    /// <summary>It is gone: the row becomes its tombstone.</summary>
    /// <returns>False when it was gone before.</returns>
    public static bool SetDeleted(IUnit unit, string id, long now)
    {
        ReplicaSetRows.Delete(unit, id);
        return unit.Execute(
            "UPDATE instances SET deleted = 1, deleted_at = @now, updated = @now, version = version + 1 WHERE id = @id AND deleted = 0",
            new { id, now }) == 1;
    }
}
