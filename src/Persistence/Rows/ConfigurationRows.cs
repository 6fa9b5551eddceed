using Dbaas.Domain.Configurations;

namespace Dbaas.Persistence.Rows;

/// <summary>Configuration groups.</summary>
public static class ConfigurationRows
{
    private const string Columns =
        "id, tenant_id, name, description, datastore_version_id, values_json, instance_count, created, updated, values_version, version";

    /// <summary>Adds a group.</summary>
    public static void Insert(IUnit unit, ConfigurationGroup group) =>
        unit.Execute(
            $"""
            INSERT INTO configurations ({Columns}) VALUES (
              @Id, @TenantId, @Name, @Description, @DatastoreVersionId, @ValuesJson, 0, @Created, @Updated, 0, 0)
            """,
            group);

    /// <summary>One group.</summary>
    public static ConfigurationGroup? Find(IUnit unit, string id) =>
        unit.First<ConfigurationGroup>($"SELECT {Columns} FROM configurations WHERE id = @id", new { id });

    /// <summary>A project's groups in id order, from behind the marker.</summary>
    public static IReadOnlyList<ConfigurationGroup> Of(IUnit unit, string tenantId, string? after, int limit) =>
        unit.Query<ConfigurationGroup>(
            $"SELECT {Columns} FROM configurations WHERE tenant_id = @tenantId AND id > @after ORDER BY id LIMIT @limit",
            new { tenantId, after = after ?? "", limit });

    /// <summary>Changes it, if nothing has changed the row since it was read: no other instance uses it.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="group">As it is to be, with the version that was read.</param>
    /// <param name="changesValues">Its values are others.</param>
    /// <returns>False: it has changed, or is gone.</returns>
    public static bool TryChange(IUnit unit, ConfigurationGroup group, bool changesValues) =>
        unit.Execute(
            $"""
            UPDATE configurations SET name = @Name, description = @Description, values_json = @ValuesJson, updated = @Updated,
              {(changesValues ? "values_version = values_version + 1," : "")} version = version + 1
            WHERE id = @Id AND version = @Version
            """,
            group) == 1;

    /// <summary>An instance more uses it.</summary>
    /// <returns>False: it is gone, or its values are not those that the caller knows.</returns>
    public static bool AddInstance(IUnit unit, string id, long valuesVersion) =>
        unit.Execute(
            """
            UPDATE configurations SET instance_count = instance_count + 1, version = version + 1
            WHERE id = @id AND values_version = @valuesVersion
            """,
            new { id, valuesVersion }) == 1;

    /// <summary>An instance less uses it.</summary>
    public static void RemoveInstance(IUnit unit, string id) =>
        unit.Execute(
            "UPDATE configurations SET instance_count = instance_count - 1, version = version + 1 WHERE id = @id", new { id });

    /// <summary>Deletes a group that no instance uses.</summary>
    /// <returns>False: one does, or it is gone.</returns>
    public static bool TryDelete(IUnit unit, string id) =>
        unit.Execute("DELETE FROM configurations WHERE id = @id AND instance_count = 0", new { id }) == 1;
}
