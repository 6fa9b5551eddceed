namespace Dbaas.GuestAgent.Channel;

/// <summary>Growing pauses with full jitter, so that thousands of agents do not come back in the same second.</summary>
internal sealed class Backoff(TimeProvider time, Func<double> random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private int failures;

    public void Reset() => failures = 0;

    public Task PauseAsync(CancellationToken cancellationToken)
    {
        var most = Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(failures++, 10)));
        return Task.Delay(TimeSpan.FromSeconds(most * (0.1 + (0.9 * random()))), time, cancellationToken);
    }
}
