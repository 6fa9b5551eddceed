using System.Security.Cryptography;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Jobs;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Objects;

/// <summary>
/// Parts of a log on their way into the store: each is compressed by <c>zstd</c> and encrypted by <c>age</c> by itself, stored, and then
/// told. A part that was not told is none.
/// </summary>
internal sealed class SealedLogWriter(
    IStore store, ILogReports reports, IProcesses tools, Job job, ArchiveLog archive, TimeProvider time) : ILogWriter
{
    private const int CopySize = 256 * 1024;
    private const int FirstSize = 64 * 1024;

    private readonly string run = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
    private byte[] buffer = new byte[FirstSize];
    private int parts;

    public Task BeginAsync(LogPlace from, string? gap, CancellationToken cancellationToken) =>
        TellAsync(null, from, gap, cancellationToken);

    public async Task WriteAsync(
        LogPlace reached, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var size = 0;
        await ToolFault.RunAsync(
            tools,
            new ProcessSpec("zstd", ["--quiet", "--stdout", "-"]),
            (input, token) => write(new CountedStream(input, job.Advance), token),
            (compressed, token) => ToolFault.RunAsync(
                tools,
                new ProcessSpec("age", ["--encrypt", .. archive.Recipients.SelectMany(one => new[] { "--recipient", one })]),
                (input, inner) => compressed.CopyToAsync(input, CopySize, inner),
                async (stored, inner) => size = await TakeAsync(stored, inner),
                token),
            cancellationToken);

        var content = buffer.AsMemory(0, size);
        var hash = SHA256.HashData(content.Span);
        await store.PutAsync(
            new ObjectName(job.CommandId, archive.LogId, ObjectNames.Part(run, parts)), content, hash, cancellationToken);
        parts++;
        await TellAsync(new LogPart(size, Convert.ToHexStringLower(hash)), reached, gap: null, cancellationToken);
    }

    public void WholeUntil(DateTimeOffset moment, Func<DateTimeOffset?> later) => job.WholeUntil(moment, later);

    private Task TellAsync(LogPart? part, LogPlace place, string? gap, CancellationToken cancellationToken) => reports.TellAsync(
        new LogProgress(job.CommandId, archive.LogId, run, parts, part, place.Document, place.Committed, place.Position, gap),
        cancellationToken);

    /// <summary>All of it, which is not much more than what a part may have.</summary>
    private async Task<int> TakeAsync(Stream stored, CancellationToken cancellationToken)
    {
        var size = 0;
        while (true)
        {
            if (size == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var read = await stored.ReadAsync(buffer.AsMemory(size), cancellationToken);
            if (read == 0)
            {
                return size;
            }

            size += read;
        }
    }
}
