namespace Dbaas.GuestAgent.Tests.Fakes;

/// <summary>The real time, on a machine whose clock somebody sets. What counts from the machine's start goes on as it was.</summary>
internal sealed class SetClock : TimeProvider
{
    private long shift;

    public void Shift(TimeSpan by) => Interlocked.Add(ref shift, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref shift));
}
