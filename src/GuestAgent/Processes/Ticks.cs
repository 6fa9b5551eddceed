namespace Dbaas.GuestAgent.Processes;

/// <summary>Times of the clock that nobody sets.</summary>
internal static class Ticks
{
    public static long In(TimeProvider time, TimeSpan delay) => time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency);

    /// <summary>Zero: it is over.</summary>
    public static TimeSpan Until(TimeProvider time, long tick) =>
        time.GetElapsedTime(time.GetTimestamp(), tick) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
}
