using System.Collections.Concurrent;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.GuestAgent.Jobs;

/// <summary>The jobs that are under way.</summary>
internal sealed class JobList
{
    private readonly ConcurrentDictionary<string, Job> running = new();

    /// <summary>Takes one on, for as long as the result is held.</summary>
    public IDisposable Add(Job job)
    {
        running[job.CommandId] = job;
        return new Place(running, job.CommandId);
    }

    /// <summary>Somebody waits for one of them.</summary>
    public bool AnyWatched => running.Values.Any(job => job.IsWatched);

    /// <summary>How far each of them is.</summary>
    public IReadOnlyList<JobReport> Look() =>
        [.. running.Values.OrderBy(job => job.CommandId, StringComparer.Ordinal).Select(job => job.Look())];

    /// <summary>Ends one. Nothing to do when it is over.</summary>
    public void End(string commandId, string because)
    {
        if (running.TryGetValue(commandId, out var job))
        {
            job.End(because);
        }
    }

    /// <summary>The database server is about to be stopped: nobody waits for those that read it.</summary>
    public void EndThoseOnServer(string because)
    {
        foreach (var job in running.Values.Where(job => job.NeedsServer))
        {
            job.End(because);
        }
    }

    private sealed class Place(ConcurrentDictionary<string, Job> running, string commandId) : IDisposable
    {
        public void Dispose()
        {
            running.TryRemove(commandId, out _);

            // Its buffers are most of what the agent ever holds, and it may rest for days now: the memory is the database's.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}
