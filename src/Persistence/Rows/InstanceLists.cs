using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;

namespace Dbaas.Persistence.Rows;

/// <summary>Reads for lists: a statement for a whole page, not one for each instance.</summary>
public static class InstanceLists
{
    /// <summary>Instances that are there (or tombstones), newest first, from behind the marker.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="tenantId">Their project; null: of all projects.</param>
    /// <param name="after">The last id of the page before; null: from the beginning.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="deleted">True: those that are gone, instead.</param>
    public static IReadOnlyList<Instance> Page(IUnit unit, string? tenantId, string? after, int limit, bool deleted = false) =>
        unit.Query<Instance>(
            $"""
            SELECT {InstanceRows.Columns} FROM instances
            WHERE {(tenantId is null ? "" : "tenant_id = @tenantId AND")} {(after is null ? "" : "id < @after AND")} deleted = @deleted
            ORDER BY id DESC LIMIT @limit
            """,
            new { tenantId, after, limit, deleted = deleted ? 1 : 0 });

    /// <summary>All instances of a project that are there, in id order.</summary>
    public static IReadOnlyList<Instance> OfProject(IUnit unit, string tenantId) =>
        unit.Query<Instance>(
            $"SELECT {InstanceRows.Columns} FROM instances WHERE tenant_id = @tenantId AND deleted = 0 ORDER BY id", new { tenantId });

    /// <summary>Instances that are there and use a configuration group, in id order, from behind the marker.</summary>
    public static IReadOnlyList<Instance> UsersOf(IUnit unit, string configurationId, string tenantId, string? after, int limit) =>
        unit.Query<Instance>(
            $"""
            SELECT {InstanceRows.Columns} FROM instances
            WHERE tenant_id = @tenantId AND deleted = 0 AND configuration_id = @configurationId AND id > @after ORDER BY id LIMIT @limit
            """,
            new { configurationId, tenantId, after = after ?? "", limit });

    /// <summary>The slaves of several masters, in id order: <see cref="Instance.Id"/> and <see cref="Instance.SlaveOfId"/> only.</summary>
    public static IReadOnlyList<Instance> SlavesOf(IUnit unit, IReadOnlyCollection<string> masterIds) =>
        masterIds.Count == 0
            ? []
            : unit.Query<Instance>(
                "SELECT id, slave_of_id FROM instances WHERE slave_of_id IN @masterIds AND deleted = 0 ORDER BY id", new { masterIds });

    /// <summary>Operations of several instances that have not ended, oldest first: without goal and state.</summary>
    public static IReadOnlyList<Operation> ActiveOperations(IUnit unit, IReadOnlyCollection<string> instanceIds) =>
        instanceIds.Count == 0
            ? []
            : unit.Query<Operation>(
                """
                SELECT id, kind, instance_id, status, step_index, step_name, step_count, superseded_by, created FROM operations
                WHERE instance_id IN @instanceIds AND status IN ('Running', 'Undoing') ORDER BY created, id
                """,
                new { instanceIds });

    /// <summary>Those of these operations that own more instances than the one that they are about: without goal and state.</summary>
    public static IReadOnlyList<Operation> OfWholeSets(IUnit unit, IReadOnlyCollection<string> ids) =>
        ids.Count == 0
            ? []
            : unit.Query<Operation>(
                """
                SELECT id, kind, instance_id, status, step_index, step_name, step_count, superseded_by, created FROM operations
                WHERE id IN @ids AND kind IN @kinds AND status IN ('Running', 'Undoing')
                """,
                new { ids, kinds = OperationKinds.OfWholeSets });
}
