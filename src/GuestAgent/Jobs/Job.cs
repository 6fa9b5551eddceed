using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.GuestAgent.Jobs;

/// <summary>Long work that is under way: how far it is, and what ended it.</summary>
/// <param name="commandId">The command that began it.</param>
/// <param name="kind">The command's kind.</param>
/// <param name="needsServer">It ends with the database server.</param>
/// <param name="end">Ends its work.</param>
/// <param name="time">The time.</param>
/// <param name="isWatched">Somebody waits for its end, and wants to see how far it is.</param>
internal sealed class Job(
    string commandId, string kind, bool needsServer, Action end, TimeProvider time, bool isWatched = true) : IJobProgress
{
    // Long enough to be steady, short enough to be news.
    private static readonly TimeSpan RateOver = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private long done;
    private long expected;
    private long rateSince = time.GetTimestamp();
    private long rateFrom;
    private long rate;
    private volatile string? endedBecause;
    private volatile Func<DateTimeOffset?>? wholeUntil;

    public string CommandId => commandId;

    public bool NeedsServer => needsServer;

    public bool IsWatched => isWatched;

    /// <summary>Why it was ended from outside; null: it was not.</summary>
    public string? EndedBecause => endedBecause;

    /// <summary>How many bytes there will be, as far as it is known.</summary>
    public void Expect(long bytes) => Interlocked.Exchange(ref expected, bytes);

    /// <summary>So many bytes more are done.</summary>
    public void Advance(long bytes) => Interlocked.Add(ref done, bytes);

    /// <summary>All that was committed until then is archived; or until a later moment, whenever somebody looks.</summary>
    public void WholeUntil(DateTimeOffset moment, Func<DateTimeOffset?> later) => wholeUntil = () => later() ?? moment;

    /// <summary>Ends it, for this reason. Only the first one counts. Does not wait for its end.</summary>
    public void End(string because)
    {
        endedBecause ??= because;
        end();
    }

    /// <summary>The reason as a fault, if it was ended from outside: the job itself only knows that it was cut off.</summary>
    public DatastoreException? ToFault() =>
        endedBecause is { } because ? new DatastoreException(FaultKind.Precondition, $"It was ended: {because}") : null;

    public JobReport Look()
    {
        lock (gate)
        {
            var now = Interlocked.Read(ref done);
            var elapsed = time.GetElapsedTime(rateSince);
            if (elapsed >= RateOver)
            {
                rate = (long)((now - rateFrom) / elapsed.TotalSeconds);
                (rateSince, rateFrom) = (time.GetTimestamp(), now);
            }

            var all = Interlocked.Read(ref expected);
            return new JobReport(
                commandId,
                kind,
                now,
                all == 0 ? null : Math.Max(all, now),
                rate,
                wholeUntil?.Invoke());
        }
    }
}
