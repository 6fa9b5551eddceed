namespace Dbaas.GuestAgent.Processes;

/// <summary>How soon a server that ended is started again: 0, 1, 5, then every 30 s; from the beginning after a good minute.</summary>
internal sealed class RestartPace(TimeProvider time)
{
    private static readonly TimeSpan[] Delays =
        [TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)];

    private static readonly TimeSpan GoodRun = TimeSpan.FromSeconds(60);

    private int failures;
    private long? startedAt;

    /// <summary>False once it has become a loop: the history need not hold every turn of it.</summary>
    public bool WorthTelling => failures <= Delays.Length;

    /// <summary>Ends in a row, without a good run between them.</summary>
    public int Failures => failures;

    public void Started() => startedAt = time.GetTimestamp();

    public void Reset() => failures = 0;

    /// <summary>To be called once for each end.</summary>
    public TimeSpan NextDelay()
    {
        if (startedAt is { } start && time.GetElapsedTime(start) >= GoodRun)
        {
            failures = 0;
        }

        startedAt = null;
        return Delays[Math.Min(failures++, Delays.Length - 1)];
    }
}
