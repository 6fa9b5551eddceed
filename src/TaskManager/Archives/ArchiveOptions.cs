namespace Dbaas.TaskManager.Archives;

/// <summary>How logs are archived.</summary>
public sealed record ArchiveOptions
{
    /// <summary>How often an agent looks for something new. What is written within it can be lost with the instance.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A part has no more bytes before it is compressed.</summary>
    public int MostBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>One archived log is written for so long; then the next one goes on.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What is not archived is kept in an instance for so long after the archive was asked for last.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromDays(3);
}
