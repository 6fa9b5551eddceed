namespace Dbaas.Persistence.Rows;

/// <summary>How much is waiting, for those who watch the control plane.</summary>
public static class QueueRows
{
    /// <summary>What is under way, in one statement that reads indexes of what has not ended.</summary>
    public static IReadOnlyList<QueueFigure> Look(IUnit unit) =>
        unit.Query<QueueFigure>(
            $"""
            SELECT 'operations' AS queue, standing, COUNT(*) AS number, {unit.Dialect.Now} - MIN(since) AS age FROM (
              SELECT CASE
                  WHEN owner IS NOT NULL AND lease_until >= {unit.Dialect.Now} THEN 'claimed'
                  WHEN due <= {unit.Dialect.Now} THEN 'due'
                  ELSE 'waiting' END AS standing,
                CASE WHEN owner IS NULL AND due <= {unit.Dialect.Now} THEN due ELSE step_started END AS since
              FROM operations WHERE status IN ('Running', 'Undoing')
            ) active GROUP BY standing
            UNION ALL
            SELECT 'commands', standing, COUNT(*), {unit.Dialect.Now} - MIN(created) FROM (
              SELECT CASE
                  WHEN answered = 1 THEN 'answered'
                  WHEN expires > {unit.Dialect.Now} THEN 'open'
                  ELSE 'expired' END AS standing,
                created
              FROM guest_commands
            ) asked GROUP BY standing
            """);

    /// <summary>Guests that were ever heard of, by what their servers do; silent ones apart, whatever they did.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="silentAfter">Who was not heard of for so long is silent.</param>
    public static IReadOnlyList<QueueFigure> LookAtGuests(IUnit unit, TimeSpan silentAfter) =>
        unit.Query<QueueFigure>(
            $"""
            SELECT 'guests' AS queue, standing, COUNT(*) AS number, {unit.Dialect.Now} - MIN(last_seen) AS age FROM (
              SELECT CASE WHEN last_seen < {unit.Dialect.Now} - @silentAfter THEN 'silent' ELSE server_state END AS standing, last_seen
              FROM guests WHERE last_seen > 0
            ) heard GROUP BY standing
            """,
            new { silentAfter = (long)silentAfter.TotalMilliseconds });
}

/// <summary>How many there are of a state, and how old the oldest is.</summary>
public sealed record QueueFigure
{
    /// <summary>Of what.</summary>
    public string Queue { get; init; } = "";

    /// <summary>In which state.</summary>
    public string Standing { get; init; } = "";

    /// <summary>How many.</summary>
    public long Number { get; init; }

    /// <summary>Milliseconds.</summary>
    public long Age { get; init; }
}
