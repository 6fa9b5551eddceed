using System.Security.Cryptography;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Jobs;
using Dbaas.GuestAgent.Streams;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Objects;

/// <summary>
/// The data on its way into the store: compressed by <c>zstd</c>, encrypted by <c>age</c>, cut into parts. Nothing is staged.
/// </summary>
internal sealed class SealedWriter(IStore store, IProcesses tools, Job job, CreateBackup backup, TimeProvider time) : IObjectWriter
{
    private const int CopySize = 256 * 1024;

    /// <summary>What was written, once it is.</summary>
    public ObjectList Written { get => field ?? throw new InvalidOperationException("Nothing was written."); private set; }

    public void Expect(long bytes) => job.Expect(bytes);

    public async Task<long> WriteAsync(Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var run = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        var bytes = 0L;
        var uploads = new PartUploads(store, job.CommandId, backup.BackupId, run, backup.PartBytes);
        await ToolFault.RunAsync(
            tools,
            new ProcessSpec("zstd", ["-1", "-T0", "--quiet", "--stdout", "-"]),
            async (input, token) => bytes = await FeedAsync(write, input, token),
            (compressed, token) => ToolFault.RunAsync(
                tools,
                new ProcessSpec("age", ["--encrypt", .. backup.Recipients.SelectMany(one => new[] { "--recipient", one })]),
                (input, inner) => compressed.CopyToAsync(input, CopySize, inner),
                uploads.TakeAsync,
                token),
            cancellationToken);

        var list = PartList.Write(uploads.Parts);
        var hash = SHA256.HashData(list);
        await store.PutAsync(new ObjectName(job.CommandId, backup.BackupId, ObjectNames.List(run)), list, hash, cancellationToken);
        Written = new ObjectList(
            run,
            uploads.Parts.Count,
            uploads.Parts.Sum(part => (long)part.Size),
            Convert.ToHexStringLower(hash));
        return bytes;
    }

    private async Task<long> FeedAsync(
        Func<Stream, CancellationToken, Task> write, Stream input, CancellationToken cancellationToken)
    {
        await using var paced = backup.BytesPerSecond is { } pace ? new PacedStream(input, pace) : null;
        var counted = new CountedStream(paced ?? input, job.Advance);
        await write(counted, cancellationToken);
        return counted.Bytes;
    }
}
