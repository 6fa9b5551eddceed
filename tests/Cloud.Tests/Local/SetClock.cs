namespace Dbaas.Cloud.Tests.Local;

/// <summary>The real time, on a machine whose clock somebody sets back. What counts from the machine's start goes on as it was.</summary>
internal sealed class SetClock : TimeProvider
{
    private long back;

    public void SetBack(TimeSpan by) => Interlocked.Add(ref back, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - TimeSpan.FromTicks(Interlocked.Read(ref back));
}
