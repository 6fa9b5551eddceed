namespace Dbaas.GuestAgent.Objects;

/// <summary>Parts in order, of which the next are fetched while one is used.</summary>
internal static class PartFeed
{
    private const int Ahead = 2;

    /// <param name="sizes">Of the parts, in bytes.</param>
    /// <param name="fetch">Fetches a part, by its number, into a buffer of its size.</param>
    /// <param name="use">Uses one; the next comes when it is done.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task RunAsync(
        IReadOnlyList<int> sizes,
        Func<int, Memory<byte>, CancellationToken, Task<ReadOnlyMemory<byte>>> fetch,
        Func<ReadOnlyMemory<byte>, CancellationToken, Task> use,
        CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var buffers = Enumerable.Range(0, Ahead + 1).Select(_ => GC.AllocateUninitializedArray<byte>(sizes.Max())).ToArray();
        var coming = new Queue<Task<ReadOnlyMemory<byte>>>();
        var next = 0;
        try
        {
            for (var number = 0; number < sizes.Count; number++)
            {
                while (next < sizes.Count && next <= number + Ahead)
                {
                    var (fetched, buffer) = (next, buffers[next % buffers.Length].AsMemory(0, sizes[next]));
                    coming.Enqueue(Task.Run(() => fetch(fetched, buffer, over.Token), over.Token));
                    next++;
                }

                var content = await coming.Peek();
                _ = coming.Dequeue();
                await use(content, cancellationToken);
            }
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(coming.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
