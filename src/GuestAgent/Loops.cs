namespace Dbaas.GuestAgent;

/// <summary>Runs loops side by side; when one fails the others are ended, and the failure goes on.</summary>
internal static class Loops
{
    public static async Task RunAsync(IReadOnlyList<Func<CancellationToken, Task>> loops, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var running = loops.Select(loop => Task.Run(() => loop(end.Token), CancellationToken.None)).ToList();
        try
        {
            await foreach (var done in Task.WhenEach(running).WithCancellation(CancellationToken.None))
            {
                await done;
            }
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
