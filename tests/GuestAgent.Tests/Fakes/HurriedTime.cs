namespace Dbaas.GuestAgent.Tests.Fakes;

/// <summary>In which a minute is over in a second. Nothing goes backwards, and all that waits by it waits in order.</summary>
internal sealed class HurriedTime : TimeProvider
{
    private const int Factor = 60;
    private readonly DateTimeOffset begun = System.GetUtcNow();
    private readonly long start = System.GetTimestamp();

    public override long TimestampFrequency => System.TimestampFrequency;

    public override long GetTimestamp() => start + ((System.GetTimestamp() - start) * Factor);

    public override DateTimeOffset GetUtcNow() => begun + GetElapsedTime(start);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Hurried(dueTime), Hurried(period));

    private static TimeSpan Hurried(TimeSpan span) => span == Timeout.InfiniteTimeSpan ? span : span / Factor;
}
