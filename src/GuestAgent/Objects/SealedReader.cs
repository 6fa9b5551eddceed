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

    private Task FeedAsync(IReadOnlyList<Part> parts, Stream input, CancellationToken cancellationToken) => PartFeed.RunAsync(
        [.. parts.Select(part => part.Size)],
        (number, buffer, token) => FetchAsync(number, parts[number], buffer, token),
        async (content, token) =>
        {
            await input.WriteAsync(content, token);
            job.Advance(content.Length);
        },
        cancellationToken);

    private async Task<ReadOnlyMemory<byte>> FetchAsync(int number, Part part, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var name = Name(ObjectNames.Part(link.Objects.Run, number));
        var size = await store.GetAsync(name, buffer, cancellationToken);
        return size == part.Size && Convert.ToHexStringLower(SHA256.HashData(buffer.Span[..size])) == part.Sha256
            ? buffer[..size]
            : throw new DatastoreException(
                FaultKind.Permanent, $"Object {name.Name} of backup {link.BackupId} is not what was written: its hash is another.");
    }

    private ObjectName Name(string name) => new(job.CommandId, link.BackupId, name);
}
