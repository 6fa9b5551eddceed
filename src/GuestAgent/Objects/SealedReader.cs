using System.Security.Cryptography;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Jobs;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Objects;

/// <summary>
/// The data on its way back: each part is compared with its hash before it is used, opened by <c>age</c>, unpacked by <c>zstd</c>.
/// </summary>
internal sealed class SealedReader(IStore store, SealedPipe pipe, Job job, BackupLink link) : IObjectReader
{
    public async Task ReadAsync(Func<Stream, CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        var parts = await ReadListAsync(cancellationToken);
        await pipe.OpenAsync((input, token) => FeedAsync(parts, input, token), read, cancellationToken);
    }

    private async Task<IReadOnlyList<Part>> ReadListAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[PartList.LongestOf(link.Objects.Parts)];
        var size = await store.GetAsync(Name(ObjectNames.List(link.Objects.Run)), buffer, cancellationToken);
        return PartList.Read(buffer.AsSpan(0, size), link.Objects.ListSha256, link.Objects.Parts);
    }

    /// <summary>The next parts are fetched while one is used.</summary>
    private async Task FeedAsync(IReadOnlyList<Part> parts, Stream input, CancellationToken cancellationToken)
    {
        const int ahead = 2;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var buffers = Enumerable.Range(0, ahead + 1)
            .Select(_ => GC.AllocateUninitializedArray<byte>(parts.Max(part => part.Size))).ToArray();
        var coming = new Queue<Task<ReadOnlyMemory<byte>>>();
        var next = 0;
        try
        {
            for (var number = 0; number < parts.Count; number++)
            {
                while (next < parts.Count && next <= number + ahead)
                {
                    var (fetched, buffer) = (next, buffers[next % buffers.Length]);
                    coming.Enqueue(Task.Run(() => FetchAsync(fetched, parts[fetched], buffer, over.Token), over.Token));
                    next++;
                }

                var content = await coming.Peek();
                _ = coming.Dequeue();
                await input.WriteAsync(content, cancellationToken);
                job.Advance(content.Length);
            }
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(coming.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<ReadOnlyMemory<byte>> FetchAsync(int number, Part part, byte[] buffer, CancellationToken cancellationToken)
    {
        var name = Name(ObjectNames.Part(link.Objects.Run, number));
        var size = await store.GetAsync(name, buffer.AsMemory(0, part.Size), cancellationToken);
        return size == part.Size && Convert.ToHexStringLower(SHA256.HashData(buffer.AsSpan(0, size))) == part.Sha256
            ? buffer.AsMemory(0, size)
            : throw new DatastoreException(
                FaultKind.Permanent, $"Object {name.Name} of backup {link.BackupId} is not what was written: its hash is another.");
    }

    private ObjectName Name(string name) => new(job.CommandId, link.BackupId, name);
}
