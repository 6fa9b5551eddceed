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

    /// <summary>Removes these lines.</summary>
    public static int RemoveHistory(IUnit unit, IReadOnlyCollection<string> ids) =>
        ids.Count == 0 ? 0 : unit.Execute("DELETE FROM instance_history WHERE id IN @ids", new { ids });

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
