using Dbaas.Domain.Instances;

namespace Dbaas.Persistence.Rows;

/// <summary>What happened to each instance.</summary>
public static class HistoryRows
{
    /// <summary>Adds a line; one with the same id is left as it is. Others are told of it where it is their concern.</summary>
    public static void Add(IUnit unit, HistoryEntry entry)
    {
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
        NoticeRows.AddFor(unit, entry);
    }

    /// <summary>Whether such a thing happened since then.</summary>
    public static bool HasSince(IUnit unit, string instanceId, string @event, long since) =>
        HasBetween(unit, instanceId, @event, since, long.MaxValue);

    /// <summary>Whether such a thing happened from then on until then.</summary>
    public static bool HasBetween(IUnit unit, string instanceId, string @event, long since, long until) =>
        unit.First<string>(
            "SELECT id FROM instance_history WHERE instance_id = @instanceId AND event = @event AND at BETWEEN @since AND @until",
            new { instanceId, @event, since, until }) is not null;

    /// <summary>The last such thing that happened to an instance.</summary>
    public static HistoryEntry? Last(IUnit unit, string instanceId, string @event) =>
        unit.First<HistoryEntry>(
            """
            SELECT id, instance_id, at, operation_id, event, step, outcome, detail FROM instance_history
            WHERE instance_id = @instanceId AND event = @event ORDER BY id DESC LIMIT 1
            """,
            new { instanceId, @event });

    /// <summary>How often such a thing happened since then, to all instances together.</summary>
    public static long CountSince(IUnit unit, string @event, long since) =>
        unit.First<long>("SELECT COUNT(*) FROM instance_history WHERE event = @event AND at >= @since", new { @event, since });

    /// <summary>An instance's history, oldest first.</summary>
    public static IReadOnlyList<HistoryEntry> Of(IUnit unit, string instanceId, int limit, string? after) =>
        unit.Query<HistoryEntry>(
            """
            SELECT id, instance_id, at, operation_id, event, step, outcome, detail FROM instance_history
            WHERE instance_id = @instanceId AND id > @after ORDER BY id LIMIT @limit
            """,
            new { instanceId, after = after ?? "", limit });
}
