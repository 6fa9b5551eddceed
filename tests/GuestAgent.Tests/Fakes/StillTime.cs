namespace Dbaas.GuestAgent.Tests.Fakes;

/// <summary>Time in which nothing that waits for it comes to its end.</summary>
internal sealed class StillTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Never();

    private sealed class Never : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            // There is nothing to end.
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
