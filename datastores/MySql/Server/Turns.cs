namespace Dbaas.Datastores.MySql.Server;

/// <summary>
/// Who may change the server now. The agent makes one call at a time; what the datastore mends by itself comes between the calls, and gives
/// way when one comes: it can be cut off anywhere and is begun again.
/// </summary>
internal sealed class Turns(VolumeRoom room)
{
    private readonly Lock _gate = new();
    private int _calls;
    private Task _between = Task.CompletedTask;
    private CancellationTokenSource? _stop;

    /// <summary>A call of the agent's.</summary>
    public async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        Task between;
        lock (_gate)
        {
            _calls++;
            _stop?.Cancel();
            between = _between;
        }

        try
        {
            await between.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return await room.ExplainAsync(call);
        }
        finally
        {
            lock (_gate)
            {
                _calls--;
            }
        }
    }

    /// <summary>A call of the agent's.</summary>
    public Task CallAsync(Func<Task> call) => CallAsync(async () =>
    {
        await call();
        return true;
    });

    /// <summary>Begins something between calls, unless there is a call, or the last such work goes on.</summary>
    /// <param name="longest">Then it is cut off.</param>
    /// <param name="work">Handles its own failures.</param>
    public void Between(TimeSpan longest, Func<CancellationToken, Task> work)
    {
        lock (_gate)
        {
            if (_calls > 0 || !_between.IsCompleted)
            {
                return;
            }

            var stop = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken.None);
            stop.CancelAfter(longest);
            _stop = stop;
            _between = Task.Run(() => work(stop.Token), CancellationToken.None);
        }
    }
}
