using System.Security.Cryptography;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Jobs;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Objects;

/// <summary>
/// An object that another service wrote, unpacked by <c>gzip</c>. Its hashes are those of large segments, so they are compared as the data
/// goes by: it is whole, and what was written, when the reading has ended.
/// </summary>
internal sealed class ForeignReader(IStore store, IProcesses tools, Job job, BackupLink link, ForeignObject foreign) : IObjectReader
{
    private const string Program = "gzip";

    public Task ReadAsync(Func<Stream, CancellationToken, Task> read, CancellationToken cancellationToken) => ToolFault.RunAsync(
        tools, new ProcessSpec(Program, ["--decompress", "--stdout"]), FeedAsync, read, cancellationToken, FaultKind.Permanent);

    private async Task FeedAsync(Stream input, CancellationToken cancellationToken)
    {
        using var check = new SegmentCheck(foreign.Segments);
        await PartFeed.RunAsync(
            [.. Enumerable.Range(0, link.Objects.Parts).Select(SizeOf)],
            FetchAsync,
            async (content, token) =>
            {
                if (check.IsWrongWith(content.Span) is { } segment)
                {
                    throw new DatastoreException(
                        FaultKind.Permanent, $"Segment {segment} of backup {link.BackupId} is not what was written: its hash is another.");
                }

                await input.WriteAsync(content, token);
                job.Advance(content.Length);
            },
            cancellationToken);
    }

    private int SizeOf(int number) => (int)Math.Min(foreign.PartBytes, link.Objects.Bytes - ((long)number * foreign.PartBytes));

    private async Task<ReadOnlyMemory<byte>> FetchAsync(int number, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var name = new ObjectName(job.CommandId, link.BackupId, ObjectNames.Part(link.Objects.Run, number));
        return await store.GetAsync(name, buffer, cancellationToken) == buffer.Length
            ? buffer
            : throw new DatastoreException(FaultKind.Permanent, $"Backup {link.BackupId} is shorter than what was written.");
    }

    /// <summary>Compares data that comes in pieces with the hashes of segments.</summary>
    private sealed class SegmentCheck(IReadOnlyList<ForeignSegment> segments) : IDisposable
    {
#pragma warning disable CA5351 // The other service's own; against errors, not against people.
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        private int number;
        private long seen;

        /// <returns>The number of a segment that ended and is another; null: there is none.</returns>
        public int? IsWrongWith(ReadOnlySpan<byte> content)
        {
            while (!content.IsEmpty)
            {
                var segment = segments[number];
                var piece = content[..(int)Math.Min(content.Length, segment.Bytes - seen)];
                hash.AppendData(piece);
                content = content[piece.Length..];
                seen += piece.Length;
                if (seen < segment.Bytes)
                {
                    return null;
                }

                if (Convert.ToHexStringLower(hash.GetHashAndReset()) != segment.Md5)
                {
                    return number;
                }

                (number, seen) = (number + 1, 0);
            }

            return null;
        }

        public void Dispose() => hash.Dispose();
    }
}
