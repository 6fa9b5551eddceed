using Dbaas.Domain.Backups;

namespace Dbaas.Persistence.Rows;

/// <summary>Guarded changes of a backup's row, and of what its instance and its parent say of it. Each says whether it matched.</summary>
public static class BackupChanges
{
    /// <summary>
    /// A backup of this instance is under way: it keeps nobody from owning the instance, and another backup from beginning.
    /// </summary>
    /// <returns>False: the instance is not ready, is owned by an operation, or another backup of it is under way.</returns>
    public static bool TryBegin(IUnit unit, string instanceId, string backupId) =>
        unit.Execute(
            """
            UPDATE instances SET running_backup = @backupId, version = version + 1
            WHERE id = @instanceId AND deleted = 0 AND lifecycle = 'Ready' AND lock_owner IS NULL AND running_backup IS NULL
            """,
            new { instanceId, backupId }) == 1;

    /// <summary>It is over, however it ended. Nothing to do when it was.</summary>
    public static void End(IUnit unit, string instanceId, string backupId) =>
        unit.Execute(
            "UPDATE instances SET running_backup = NULL, version = version + 1 WHERE id = @instanceId AND running_backup = @backupId",
            new { instanceId, backupId });

    /// <summary>It is taken on this slave, of which no other backup is under way then.</summary>
    /// <returns>False: the slave is not ready, is owned by an operation, or another backup is taken on it.</returns>
    public static bool TryTakeOn(IUnit unit, string id, string slaveId) =>
        TryBegin(unit, slaveId, id)
        && unit.Execute("UPDATE backups SET taken_on = @slaveId, version = version + 1 WHERE id = @id", new { id, slaveId }) == 1;

    /// <summary>It is taken on the instance itself after all.</summary>
    public static void TakeOnInstance(IUnit unit, string id, string slaveId)
    {
        End(unit, slaveId, id);
        unit.Execute("UPDATE backups SET taken_on = NULL, version = version + 1 WHERE id = @id", new { id });
    }

    /// <summary>A backup more follows on this one.</summary>
    /// <returns>False: it is not complete, not there, or being deleted.</returns>
    public static bool TryAddChild(IUnit unit, string parentId) =>
        unit.Execute(
            """
            UPDATE backups SET child_count = child_count + 1, version = version + 1
            WHERE id = @parentId AND deleted = 0 AND state = 'Completed' AND lock_owner IS NULL
            """,
            new { parentId }) == 1;

    /// <summary>It turned out to follow on another one.</summary>
    /// <returns>False: that is not complete, not there, or being deleted.</returns>
    public static bool TryFollow(IUnit unit, string id, string parentId) =>
        TryAddChild(unit, parentId)
        && unit.Execute("UPDATE backups SET parent_id = @parentId, version = version + 1 WHERE id = @id", new { id, parentId }) == 1;

    /// <summary>What is done in this unit relies on this backup: it is complete, and nobody deletes it.</summary>
    /// <returns>False: it is not so.</returns>
    public static bool TryRelyOn(IUnit unit, string id) =>
        unit.Execute(
            "UPDATE backups SET version = version + 1 WHERE id = @id AND deleted = 0 AND state = 'Completed' AND lock_owner IS NULL",
            new { id }) == 1;

    /// <summary>How it stands.</summary>
    public static void SetState(IUnit unit, string id, BackupState state, long now) =>
        unit.Execute(
            "UPDATE backups SET state = @state, updated = @now, version = version + 1 WHERE id = @id",
            new { id, state = state.ToString(), now });

    /// <summary>Who can open it.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="id">The backup.</param>
    /// <param name="recipients">Public keys, separated by blanks.</param>
    /// <param name="identity">The private key of the chain; null: only the project has it, whose own key this is.</param>
    public static void SetKeys(IUnit unit, string id, string recipients, string? identity) =>
        unit.Execute(
            """
            UPDATE backups SET recipients = @recipients, identity = @identity, own_key = @ownKey, version = version + 1 WHERE id = @id
            """,
            new { id, recipients, identity = unit.Secrets.Seal(identity, id), ownKey = identity is null ? 1 : 0 });

    /// <summary>It can be restored from now on.</summary>
    public static void Complete(
        IUnit unit, string id, long storedBytes, long datasetBytes, string objects, string document, long? ended, long now) =>
        unit.Execute(
            """
            UPDATE backups SET state = 'Completed', stored_bytes = @storedBytes, dataset_bytes = @datasetBytes, objects = @objects,
              document = @document, ended = @ended, fault_message = NULL, updated = @now, version = version + 1
            WHERE id = @id
            """,
            new { id, storedBytes, datasetBytes, objects, document, ended, now });

    /// <summary>What went wrong.</summary>
    public static void SetFault(IUnit unit, string id, BackupState state, string message, long now) =>
        unit.Execute(
            """
            UPDATE backups SET state = @state, fault_message = @message, updated = @now, version = version + 1 WHERE id = @id
            """,
            new { id, state = state.ToString(), message = message.Length > 2000 ? message[..2000] : message, now });

    /// <summary>Its place in the store, which was emptied, is to be looked at once more.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="id">The backup.</param>
    /// <param name="at">When, in Unix milliseconds.</param>
    public static void SweepAt(IUnit unit, string id, long at) =>
        unit.Execute("UPDATE backups SET sweep_at = @at, version = version + 1 WHERE id = @id", new { id, at });

    /// <summary>It was looked at.</summary>
    public static void Swept(IUnit unit, string id) =>
        unit.Execute("UPDATE backups SET sweep_at = NULL, version = version + 1 WHERE id = @id", new { id });

    /// <summary>It is gone: the row is its tombstone, its key is forgotten, and the one that it followed on counts one less.</summary>
    /// <returns>True when it went now.</returns>
    public static bool Bury(IUnit unit, Backup backup, long now)
    {
        var changed = unit.Execute(
            """
            UPDATE backups SET deleted = 1, identity = NULL, document = NULL, objects = NULL, verification = NULL, verified_details = NULL,
              updated = @now, version = version + 1
            WHERE id = @Id AND deleted = 0
            """,
            new { backup.Id, now }) == 1;
        if (changed && backup.ParentId is { } parent)
        {
            unit.Execute(
                "UPDATE backups SET child_count = child_count - 1, version = version + 1 WHERE id = @parent", new { parent });
        }

        return changed;
    }
}
