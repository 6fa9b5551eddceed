namespace Dbaas.TaskManager.Operations.ArchiveLog;

/// <summary>What the archiving of a log remembers.</summary>
public sealed record ArchiveLogState
{
    /// <summary>What ended it before its time; null: nothing did.</summary>
    public string? Because { get; init; }

    /// <summary>All that was committed until then is archived, in Unix microseconds; null: not known.</summary>
    public long? WholeUntil { get; init; }
}
