using System.Collections.Concurrent;
using System.Diagnostics;

namespace Dbaas.Benchmarks.Scale;

/// <summary>What the simulated agents of a process have done so far.</summary>
internal sealed class FleetCounts
{
    private readonly ConcurrentDictionary<string, long> commands = new();
    private int ready;
    private long reports;
    private int troubles;

    /// <summary>Seconds from one report of an agent to the next; null: as the gateway says.</summary>
    public double? Pace { get; set; }

    /// <summary>The last thing that went wrong.</summary>
    public string? LastTrouble { get; private set; }

    public void IsReady() => Interlocked.Increment(ref ready);

    public void Reported() => Interlocked.Increment(ref reports);

    /// <summary>A command has come to an instance's agent.</summary>
    public void Commanded(string instanceId) => commands.TryAdd(instanceId, Stopwatch.GetTimestamp());

    public void Trouble(string message)
    {
        LastTrouble = message;
        Interlocked.Increment(ref troubles);
    }

    /// <summary>The numbers now.</summary>
    public FleetLook Look() => new(
        Volatile.Read(ref ready), Interlocked.Read(ref reports), Volatile.Read(ref troubles), LastTrouble, Stopwatch.GetTimestamp());

    /// <summary>When the first command came to each instance, by the machine's clock that all processes share.</summary>
    public IReadOnlyDictionary<string, long> Commands() => commands;
}
