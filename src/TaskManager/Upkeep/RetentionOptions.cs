namespace Dbaas.TaskManager.Upkeep;

/// <summary>How long the control database remembers what is over.</summary>
public sealed record RetentionOptions
{
    /// <summary>Operations, from their end on.</summary>
    public TimeSpan Operations { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The history of an instance, from its deletion on.</summary>
    public TimeSpan HistoryOfDeleted { get; init; } = TimeSpan.FromDays(30);

    /// <summary>A line in the history of an instance that is there.</summary>
    public TimeSpan History { get; init; } = TimeSpan.FromDays(730);
}
