namespace Dbaas.Galera.Tests.Support;

/// <summary>
/// Something that is done again and again until it is ended. The first time that it fails is the last, and fails whoever ends it.
/// </summary>
public sealed class Background : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource end = new();
    private readonly Task<int> work;

    private Background(Func<int, Task> once) => work = Task.Run(() => RunAsync(once));

    /// <summary>Begins.</summary>
    /// <param name="once">Gets 1 the first time, then 2.</param>
    public static Background Begin(Func<int, Task> once) => new(once);

    /// <summary>Ends it.</summary>
    /// <returns>How often it was done.</returns>
    public async Task<int> EndAsync()
    {
        await end.CancelAsync();
        return await work;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        end.Cancel();
        end.Dispose();
    }

    private async Task<int> RunAsync(Func<int, Task> once)
    {
        var times = 0;
        while (!end.IsCancellationRequested)
        {
            await once(++times);
            await Task.Delay(Pause);
        }

        return times;
    }
}
