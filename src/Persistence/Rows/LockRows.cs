using Dbaas.Domain.Operations;

namespace Dbaas.Persistence.Rows;

/// <summary>
/// Which operation holds which subject. The deciding columns are on the subject's own row, so that a lock and every rule about it are
/// guarded in one place; operation_locks remembers what is to be given back.
/// </summary>
public static class LockRows
{
    /// <summary>Takes an instance for its own, and raises its fence.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="instanceId">The instance.</param>
    /// <param name="operationId">Who takes it.</param>
    /// <param name="onlyReady">Only an instance that is ready.</param>
    /// <param name="onlyWithoutSlaves">Only an instance that no slave names.</param>
    /// <param name="onlyAtVersion">Only as it was when this was read; null: however it is.</param>
    /// <param name="onlyWithData">Only an instance that was created to the end, and is not half deleted: its volume has its data.</param>
    /// <returns>False: somebody holds it, or one of the conditions does not hold.</returns>
    public static bool TryOwn(
        IUnit unit, string instanceId, string operationId, bool onlyReady, bool onlyWithoutSlaves, long? onlyAtVersion = null,
        bool onlyWithData = false)
    {
        var taken = unit.Execute(
            $"""
            UPDATE instances SET lock_owner = @operationId, fence_counter = fence_counter + 1, version = version + 1
            WHERE id = @instanceId AND deleted = 0 AND lock_owner IS NULL AND lock_shared = 0
              {(onlyReady ? "AND lifecycle = 'Ready'" : "")} {(onlyWithData ? "AND lifecycle IN ('Ready', 'Broken')" : "")}
              {(onlyWithoutSlaves ? "AND slave_count = 0" : "")}
              {(onlyAtVersion is null ? "" : "AND version = @onlyAtVersion")}
            """,
            new { instanceId, operationId, onlyAtVersion }) == 1;
        return taken && Remember(unit, Subject.Instance(instanceId), operationId, LockMode.Own);
    }

    /// <summary>Takes a backup for its own.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="backupId">The backup.</param>
    /// <param name="operationId">Who takes it.</param>
    /// <param name="children">Only one on which so many follow: those that the caller knows.</param>
    /// <returns>False: somebody holds it, it is gone, or others follow on it.</returns>
    public static bool TryOwnBackup(IUnit unit, string backupId, string operationId, int children)
    {
        var taken = unit.Execute(
            """
            UPDATE backups SET lock_owner = @operationId, version = version + 1
            WHERE id = @backupId AND deleted = 0 AND lock_owner IS NULL AND lock_shared = 0 AND child_count = @children
            """,
            new { backupId, operationId, children }) == 1;
        return taken && Remember(unit, Subject.Backup(backupId), operationId, LockMode.Own);
    }

    /// <summary>Takes an archived log for its own.</summary>
    /// <returns>False: somebody holds it, or it is gone.</returns>
    public static bool TryOwnLog(IUnit unit, string logId, string operationId)
    {
        var taken = unit.Execute(
            """
            UPDATE archived_logs SET lock_owner = @operationId, version = version + 1
            WHERE id = @logId AND deleted = 0 AND lock_owner IS NULL AND lock_shared = 0
            """,
            new { logId, operationId }) == 1;
        return taken && Remember(unit, Subject.Log(logId), operationId, LockMode.Own);
    }

    /// <summary>Takes what is published of a log for its own.</summary>
    /// <returns>False: somebody holds it, or it is gone.</returns>
    public static bool TryOwnGuestLog(IUnit unit, string logId, string operationId)
    {
        var taken = unit.Execute(
            """
            UPDATE guest_logs SET lock_owner = @operationId, version = version + 1
            WHERE id = @logId AND deleted = 0 AND lock_owner IS NULL AND lock_shared = 0
            """,
            new { logId, operationId }) == 1;
        return taken && Remember(unit, Subject.GuestLog(logId), operationId, LockMode.Own);
    }

    /// <summary>Shares a subject: nobody can own it until it is given back.</summary>
    /// <returns>False: somebody owns it, or it is gone.</returns>
    public static bool TryShare(IUnit unit, Subject subject, string operationId)
    {
        var taken = unit.Execute(
            $"""
            UPDATE {TableOf(subject.Kind)} SET lock_shared = lock_shared + 1, version = version + 1
            WHERE id = @Id AND deleted = 0 AND lock_owner IS NULL
            """,
            new { subject.Id }) == 1;
        return taken && Remember(unit, subject, operationId, LockMode.Shared);
    }

    /// <summary>Turns a share into ownership, once nobody else shares it, and if no slave names it (any more). Raises the fence.</summary>
    /// <returns>False: others share it, a slave names it, or this operation has no share in it. Nothing has changed then.</returns>
    public static bool TryShareToOwn(IUnit unit, string instanceId, string operationId)
    {
        var shares = unit.Execute(
            "UPDATE operation_locks SET mode = 'Own' WHERE subject_id = @instanceId AND operation_id = @operationId AND mode = 'Shared'",
            new { instanceId, operationId }) == 1;
        if (!shares)
        {
            return false;
        }

        var taken = unit.Execute(
            """
            UPDATE instances SET lock_owner = @operationId, lock_shared = 0, fence_counter = fence_counter + 1, version = version + 1
            WHERE id = @instanceId AND lock_owner IS NULL AND lock_shared = 1 AND slave_count = 0
            """,
            new { instanceId, operationId }) == 1;
        if (!taken)
        {
            unit.Execute(
                "UPDATE operation_locks SET mode = 'Shared' WHERE subject_id = @instanceId AND operation_id = @operationId",
                new { instanceId, operationId });
        }

        return taken;
    }

    /// <summary>How this operation holds this instance; unknown: not at all.</summary>
    public static LockMode Mode(IUnit unit, string instanceId, string operationId) =>
        Enum.TryParse<LockMode>(
            unit.First<string>(
                "SELECT mode FROM operation_locks WHERE subject_id = @instanceId AND operation_id = @operationId",
                new { instanceId, operationId }),
            out var mode)
            ? mode
            : LockMode.Unknown;

    /// <summary>Gives everything back that this operation holds. Nothing to do when it holds nothing.</summary>
    public static void ReleaseAll(IUnit unit, string operationId)
    {
        foreach (var held in unit.Query<Held>(
            "SELECT subject_kind, subject_id FROM operation_locks WHERE operation_id = @operationId ORDER BY subject_id",
            new { operationId }))
        {
            Release(unit, new Subject(held.SubjectKind, held.SubjectId), operationId);
        }
    }

    /// <summary>Gives one subject back. Nothing to do when it is not held.</summary>
    public static void Release(IUnit unit, Subject subject, string operationId)
    {
        // Each form of lock is given back by the one delete that finds it, so that a repeat gives nothing back twice.
        var key = new { subject.Id, operationId };
        var table = TableOf(subject.Kind);
        if (unit.Execute("DELETE FROM operation_locks WHERE subject_id = @Id AND operation_id = @operationId AND mode = 'Own'", key) == 1)
        {
            unit.Execute(
                $"UPDATE {table} SET lock_owner = NULL, version = version + 1 WHERE id = @Id AND lock_owner = @operationId", key);
        }
        else if (unit.Execute(
            "DELETE FROM operation_locks WHERE subject_id = @Id AND operation_id = @operationId AND mode = 'Shared'", key) == 1)
        {
            unit.Execute(
                $"UPDATE {table} SET lock_shared = lock_shared - 1, version = version + 1 WHERE id = @Id AND lock_shared > 0", key);
        }
    }

    private static bool Remember(IUnit unit, Subject subject, string operationId, LockMode mode) =>
        unit.Execute(
            """
            INSERT INTO operation_locks (subject_kind, subject_id, operation_id, mode) VALUES (@kind, @Id, @operationId, @mode)
            """,
            new { kind = subject.Kind.ToString(), subject.Id, operationId, mode = mode.ToString() }) == 1;

    private static string TableOf(SubjectKind kind) => kind switch
    {
        SubjectKind.Instance => "instances",
        SubjectKind.Backup => "backups",
        SubjectKind.Log => "archived_logs",
        SubjectKind.GuestLog => "guest_logs",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There are no such subjects."),
    };

    private sealed record Held
    {
        public SubjectKind SubjectKind { get; init; } = SubjectKind.Instance;

        public string SubjectId { get; init; } = "";
    }
}
