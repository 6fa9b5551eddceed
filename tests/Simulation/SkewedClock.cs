namespace Dbaas.Simulation;

/// <summary>The clock of another machine: as fast, and set differently.</summary>
internal sealed class SkewedClock(VirtualClock clock, TimeSpan ahead) : TimeProvider
{
    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + ahead;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(callback, state, dueTime, period);
}
