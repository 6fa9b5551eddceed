namespace Dbaas.Domain.Instances;

/// <summary>One line of an instance's history.</summary>
public sealed record HistoryEntry
{
    /// <summary>Rises with time.</summary>
    public string Id { get; init; } = "";

    /// <summary>The instance.</summary>
    public string InstanceId { get; init; } = "";

    /// <summary>When, Unix milliseconds.</summary>
    public long At { get; init; }

    /// <summary>The operation that it belongs to; null for what happened by itself.</summary>
    public string? OperationId { get; init; }

    /// <summary>An operation's kind, or a guest's event.</summary>
    public string Event { get; init; } = "";

    /// <summary>The step, where there is one.</summary>
    public string? Step { get; init; }

    /// <summary>One word: started, done, failed, undone, retried, ended …</summary>
    public string Outcome { get; init; } = "";

    /// <summary>A sentence. Never a secret.</summary>
    public string? Detail { get; init; }

    /// <summary>An operation was asked for.</summary>
    /// <param name="id">Of the line.</param>
    /// <param name="instanceId">In whose history.</param>
    /// <param name="kind">The operation's kind.</param>
    /// <param name="operationId">The operation.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static HistoryEntry Started(string id, string instanceId, string kind, string operationId, long now) => new()
    {
        Id = id, InstanceId = instanceId, At = now, OperationId = operationId, Event = kind, Outcome = "started",
    };
}
