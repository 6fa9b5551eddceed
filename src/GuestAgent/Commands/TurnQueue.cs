namespace Dbaas.GuestAgent.Commands;

/// <summary>One at a time, in the order of asking. Who gives up waiting keeps the order of the others.</summary>
internal sealed class TurnQueue
{
    private readonly Lock gate = new();
    private Task last = Task.CompletedTask;

    public Turn Take()
    {
        lock (gate)
        {
            var turn = new Turn(last);
            last = turn.Over;
            return turn;
        }
    }

    /// <summary>A place in the queue, held until disposed.</summary>
    internal sealed class Turn(Task before) : IDisposable
    {
        private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Over => over.Task;

        public Task WaitAsync(CancellationToken cancellationToken) => before.WaitAsync(cancellationToken);

        public void Dispose() =>
            before.ContinueWith(_ => over.TrySetResult(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }
}
