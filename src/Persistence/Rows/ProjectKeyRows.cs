using Dbaas.Domain.Backups.Keys;

namespace Dbaas.Persistence.Rows;

/// <summary>Projects' own keys for their backups.</summary>
public static class ProjectKeyRows
{
    /// <summary>The project's key; null: the service makes keys for it.</summary>
    public static ProjectKey? Find(IUnit unit, string tenantId) =>
        unit.First<ProjectKey>("SELECT tenant_id, recipient, updated FROM backup_keys WHERE tenant_id = @tenantId", new { tenantId });

    /// <summary>From now on this is the project's key.</summary>
    public static void Put(IUnit unit, ProjectKey key)
    {
        unit.Execute(
            $"""
            INSERT INTO backup_keys (tenant_id, recipient, updated) VALUES (@TenantId, @Recipient, @Updated)
            {unit.Dialect.UnlessExists("tenant_id")}
            """,
            key);
        unit.Execute("UPDATE backup_keys SET recipient = @Recipient, updated = @Updated WHERE tenant_id = @TenantId", key);
    }

    /// <summary>The project has none any more. Nothing to do when it had none.</summary>
    public static void Remove(IUnit unit, string tenantId) =>
        unit.Execute("DELETE FROM backup_keys WHERE tenant_id = @tenantId", new { tenantId });
}
