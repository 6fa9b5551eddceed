using Dbaas.Domain.Backups;

namespace Dbaas.Persistence.Rows;

/// <summary>
/// Rows of what ended long ago. What is to go is looked for first and then removed by its key, under the same condition: a delete that
/// searches would hold up, or on a cluster abort, the units that write the table meanwhile.
/// </summary>
public static class RetentionRows
{
    /// <summary>Operations that ended before this time.</summary>
    public static IReadOnlyList<string> FindOperations(IUnit unit, long before, int limit) =>
        unit.Query<string>(
            // What has ended was due before that, and there is an index on it.
            """
            SELECT id FROM operations WHERE status IN ('Succeeded', 'Failed') AND due < @before AND ended < @before LIMIT @limit
            """,
            new { before, limit });

    /// <summary>Removes those of these operations that ended before this time.</summary>
    public static int RemoveOperations(IUnit unit, IReadOnlyCollection<string> ids, long before) =>
        ids.Count == 0
            ? 0
            : unit.Execute(
                "DELETE FROM operations WHERE id IN @ids AND status IN ('Succeeded', 'Failed') AND ended < @before", new { ids, before });

    /// <summary>
    /// Lines in the history of instances that were deleted before this time. (A tombstone never becomes an instance again.)
    /// </summary>
    public static IReadOnlyList<string> FindHistory(IUnit unit, long deletedBefore, int limit) =>
        unit.Query<string>(
            """
            SELECT h.id FROM instances i JOIN instance_history h ON h.instance_id = i.id
            WHERE i.deleted = 1 AND i.deleted_at < @deletedBefore LIMIT @limit
            """,
            new { deletedBefore, limit });

    /// <summary>Lines of before this time, of whatever instances.</summary>
    public static IReadOnlyList<string> FindOldHistory(IUnit unit, long before, int limit) =>
        unit.Query<string>("SELECT id FROM instance_history WHERE at < @before LIMIT @limit", new { before, limit });

    /// <summary>Guests of instances that were deleted before this time: their agents are strangers with and without.</summary>
    public static IReadOnlyList<string> FindGuests(IUnit unit, long deletedBefore, int limit) =>
        unit.Query<string>(
            """
            SELECT g.instance_id FROM instances i JOIN guests g ON g.instance_id = i.id
            WHERE i.deleted = 1 AND i.deleted_at < @deletedBefore LIMIT @limit
            """,
            new { deletedBefore, limit });

    /// <summary>Removes these guests. (A tombstone never becomes an instance again.)</summary>
    public static int RemoveGuests(IUnit unit, IReadOnlyCollection<string> ids) =>
        ids.Count == 0 ? 0 : unit.Execute("DELETE FROM guests WHERE instance_id IN @ids", new { ids });

    /// <summary>Removes these lines.</summary>
    public static int RemoveHistory(IUnit unit, IReadOnlyCollection<string> ids) =>
        ids.Count == 0 ? 0 : unit.Execute("DELETE FROM instance_history WHERE id IN @ids", new { ids });

    /// <summary>Tombstones of hidden instances that went before this time, and that nothing tells of any more.</summary>
    public static IReadOnlyList<string> FindVerifiers(IUnit unit, long deletedBefore, int limit) =>
        unit.Query<string>(
            """
            SELECT i.id FROM instances i LEFT JOIN instance_history h ON h.instance_id = i.id
            WHERE i.tenant_id = @project AND i.deleted = 1 AND i.deleted_at < @deletedBefore AND h.id IS NULL LIMIT @limit
            """,
            new { project = Verifier.Project, deletedBefore, limit });

    /// <summary>Removes these tombstones.</summary>
    public static int RemoveVerifiers(IUnit unit, IReadOnlyCollection<string> ids)
    {
        if (ids.Count == 0)
        {
            return 0;
        }

        // One by one: a guest's row goes with its instance's, and only with it.
        return ids.Count(id =>
            unit.Execute(
                "DELETE FROM instances WHERE id = @id AND tenant_id = @project AND deleted = 1",
                new { id, project = Verifier.Project }) == 1
            && unit.Execute("DELETE FROM guests WHERE instance_id = @id", new { id }) >= 0);
    }

    /// <summary>Requests of users (not of operations: those go with them) that nobody has waited for since this time.</summary>
    public static IReadOnlyList<string> FindRequests(IUnit unit, long before, int limit) =>
        unit.Query<string>(
            "SELECT id FROM guest_commands WHERE operation_id IS NULL AND expires < @before LIMIT @limit", new { before, limit });

    /// <summary>Removes those of these requests that nobody has waited for since this time.</summary>
    public static int RemoveRequests(IUnit unit, IReadOnlyCollection<string> ids, long before) =>
        ids.Count == 0
            ? 0
            : unit.Execute(
                "DELETE FROM guest_commands WHERE id IN @ids AND operation_id IS NULL AND expires < @before", new { ids, before });
}
