using System.Security.Cryptography;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Objects;

/// <summary>
/// Cuts a stream into parts and uploads them: one is filled while others are under way. What it holds in memory is the same for any
/// amount of data.
/// </summary>
internal sealed class PartUploads(IStore store, string commandId, string backupId, string run, int partBytes)
{
    private const int AtOnce = 2;

    private readonly List<Part> parts = [];

    /// <summary>Those that are in the store, in order.</summary>
    public IReadOnlyList<Part> Parts => parts;

    public async Task TakeAsync(Stream data, CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var free = new Queue<byte[]>(Enumerable.Range(0, AtOnce + 1).Select(_ => GC.AllocateUninitializedArray<byte>(partBytes)));
        var running = new Queue<(Task<Part> Upload, byte[] Buffer)>();
        try
        {
            for (var (number, isMore) = (0, true); isMore; number++)
            {
                if (free.Count == 0)
                {
                    await OldestAsync();
                }

                var buffer = free.Dequeue();
                var size = await data.ReadAtLeastAsync(buffer, partBytes, throwOnEndOfStream: false, failed.Token);
                isMore = size == partBytes;
                if (size > 0)
                {
                    var (content, name) = (buffer.AsMemory(0, size), Name(number));
                    running.Enqueue((Task.Run(() => UploadAsync(name, content, failed.Token), failed.Token), buffer));
                }
            }

            while (running.Count > 0)
            {
                await OldestAsync();
            }
        }
        finally
        {
            await failed.CancelAsync();
            await Task.WhenAll(running.Select(Task (one) => one.Upload)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task OldestAsync()
        {
            var (upload, buffer) = running.Peek();
            parts.Add(await upload);
            _ = running.Dequeue();
            free.Enqueue(buffer);
        }
    }

    private ObjectName Name(int number) => new(commandId, backupId, ObjectNames.Part(run, number));

    private async Task<Part> UploadAsync(ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var hash = SHA256.HashData(content.Span);
        await store.PutAsync(name, content, hash, cancellationToken);
        return new Part(content.Length, Convert.ToHexStringLower(hash));
    }
}
