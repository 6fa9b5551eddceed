namespace Dbaas.TaskManager.Upkeep;

/// <summary>How long the control database remembers what is over.</summary>
public sealed record RetentionOptions
{
    /// <summary>Operations, from their end on.</summary>
    public TimeSpan Operations { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The history of an instance, from its deletion on. As long as it is there, its history is kept.</summary>
    public TimeSpan HistoryOfDeleted { get; init; } = TimeSpan.FromDays(30);
}
