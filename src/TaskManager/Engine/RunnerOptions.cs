namespace Dbaas.TaskManager.Engine;

/// <summary>How a runner works.</summary>
public sealed record RunnerOptions
{
    /// <summary>Unique for each start of each worker process.</summary>
    public required string Owner { get; init; }

    /// <summary>
    /// The same at each start from the same place: whoever was there before is gone, and what it had is free. As the owner, if there is no
    /// such place.
    /// </summary>
    public string Seat { get => field ?? Owner; init; }

    /// <summary>How long a claim holds without a sign of life.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// After this time a try of a step is ended. Longer than every limit that a plane has for its own calls and tools: theirs says what
    /// took so long.
    /// </summary>
    public TimeSpan CallLimit { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>From 0 to 1, a different one each time: so that many do not come back at once.</summary>
    public Func<double> Chance { get; init; } = Random.Shared.NextDouble;

    /// <summary>How many operations are worked on at once.</summary>
    public int Parallel { get; init; } = 8;

    /// <summary>How often to look for what other processes have left due.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromMilliseconds(500);
}
