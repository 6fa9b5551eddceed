namespace Dbaas.Persistence.Dialects;

/// <summary>In which order nodes are tried. One that failed comes last for a while, so that only few wait for one that hangs.</summary>
internal sealed class NodeOrder(int count, NodeChoice choice, int start, TimeProvider time)
{
    private static readonly TimeSpan AvoidedFor = TimeSpan.FromSeconds(30);
    private readonly long?[] failedAt = new long?[count];
    private readonly Lock alone = new();
    private int turn = start;

    /// <summary>The nodes' indexes, each once.</summary>
    public int[] Next()
    {
        lock (alone)
        {
            var first = choice == NodeChoice.Spread ? (int)((uint)turn++ % (uint)count) : 0;
            return [.. Enumerable.Range(0, count).Select(index => (first + index) % count).OrderBy(IsAvoided)];
        }
    }

    /// <summary>What came of trying one.</summary>
    public void Tried(int index, bool worked)
    {
        lock (alone)
        {
            failedAt[index] = worked ? null : time.GetTimestamp();
        }
    }

    /// <summary>Whether it failed after this moment (a timestamp), and has not worked since.</summary>
    public bool HasFailedSince(int index, long moment)
    {
        lock (alone)
        {
            return failedAt[index] > moment;
        }
    }

    private bool IsAvoided(int index) => failedAt[index] is { } at && time.GetElapsedTime(at) < AvoidedFor;
}
