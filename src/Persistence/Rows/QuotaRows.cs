using Dbaas.Domain.Quotas;

namespace Dbaas.Persistence.Rows;

/// <summary>Quotas: each decision is one guarded update of the row that holds both the limit and the use.</summary>
public static class QuotaRows
{
    /// <summary>Makes sure that a project has its rows.</summary>
    public static void Ensure(IUnit unit, string project, IReadOnlyDictionary<string, long> defaults)
    {
        foreach (var resource in QuotaResources.All)
        {
            unit.Execute(
                $"""
                INSERT INTO quota_usages (project, resource, in_use, reserved, hard_limit, version)
                VALUES (@project, @resource, 0, 0, @limit, 0)
                {unit.Dialect.UnlessExists("project")}
                """,
                new { project, resource, limit = defaults[resource] });
        }
    }

    /// <summary>Makes sure that a project has a row for one resource, with this limit.</summary>
    public static void Ensure(IUnit unit, string project, string resource, long limit)
    {
        unit.Execute(
            $"""
            INSERT INTO quota_usages (project, resource, in_use, reserved, hard_limit, version)
            VALUES (@project, @resource, 0, 0, @limit, 0)
            {unit.Dialect.UnlessExists("project")}
            """,
            new { project, resource, limit });
        SetLimit(unit, project, resource, limit);
    }

    /// <summary>Takes so much. The rows exist.</summary>
    /// <returns>False: it would be over the limit.</returns>
    public static bool TryTake(IUnit unit, string project, string resource, long amount) =>
        unit.Execute(
            """
            UPDATE quota_usages SET in_use = in_use + @amount, version = version + 1
            WHERE project = @project AND resource = @resource AND (hard_limit < 0 OR in_use + reserved + @amount <= hard_limit)
            """,
            new { project, resource, amount }) == 1;

    /// <summary>Gives so much back, at most what is in use.</summary>
    public static void GiveBack(IUnit unit, string project, string resource, long amount) =>
        unit.Execute(
            """
            UPDATE quota_usages SET in_use = CASE WHEN in_use > @amount THEN in_use - @amount ELSE 0 END, version = version + 1
            WHERE project = @project AND resource = @resource
            """,
            new { project, resource, amount });

    /// <summary>Sets a limit. The rows exist.</summary>
    public static void SetLimit(IUnit unit, string project, string resource, long limit) =>
        unit.Execute(
            "UPDATE quota_usages SET hard_limit = @limit, version = version + 1 WHERE project = @project AND resource = @resource",
            new { project, resource, limit });

    /// <summary>A project's rows; empty when it never used anything.</summary>
    public static IReadOnlyList<Quota> Of(IUnit unit, string project) =>
        unit.Query<Quota>(
            "SELECT resource, in_use, reserved, hard_limit FROM quota_usages WHERE project = @project ORDER BY resource", new { project });
}
