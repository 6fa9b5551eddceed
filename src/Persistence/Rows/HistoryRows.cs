using Dbaas.Domain.Instances;

namespace Dbaas.Persistence.Rows;

/// <summary>What happened to each instance.</summary>
public static class HistoryRows
{
    /// <summary>Adds a line; one with the same id is left as it is.</summary>
    public static void Add(IUnit unit, HistoryEntry entry) =>
        unit.Execute(
            $"""
            INSERT INTO instance_history (id, instance_id, at, operation_id, event, step, outcome, detail)
            VALUES (@Id, @InstanceId, @At, @OperationId, @Event, @Step, @Outcome, @detail)
            {unit.Dialect.UnlessExists("id")}
            """,
            new
            {
                entry.Id,
                entry.InstanceId,
                entry.At,
                entry.OperationId,
                entry.Event,
                entry.Step,
                entry.Outcome,
                detail = entry.Detail is { Length: > 2000 } ? entry.Detail[..2000] : entry.Detail,
            });

    /// <summary>An instance's history, oldest first.</summary>
    public static IReadOnlyList<HistoryEntry> Of(IUnit unit, string instanceId, int limit, string? after) =>
        unit.Query<HistoryEntry>(
            """
            SELECT id, instance_id, at, operation_id, event, step, outcome, detail FROM instance_history
            WHERE instance_id = @instanceId AND id > @after ORDER BY id LIMIT @limit
            """,
            new { instanceId, after = after ?? "", limit });
}
