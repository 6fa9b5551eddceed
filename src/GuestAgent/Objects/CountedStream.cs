using System.Runtime.InteropServices;
using Dbaas.GuestAgent.Processes;
using Dbaas.GuestAgent.Streams;

namespace Dbaas.GuestAgent.Objects;

/// <summary>Tells how much passes.</summary>
internal sealed class CountedStream(Stream target, Action<long> tell) : WriteOnlyStream, ISpliceTarget
{
    private readonly ISpliceTarget? behind = target as ISpliceTarget;

    /// <summary>How much has passed, in bytes.</summary>
    public long Bytes { get; private set; }

    public SafeHandle? Pipe => behind?.Pipe;

    public void Passed(long bytes)
    {
        behind!.Passed(bytes);
        Tell(bytes);
    }

    public void LostReader() => behind!.LostReader();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await target.WriteAsync(buffer, cancellationToken);
        Tell(buffer.Length);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        target.Write(buffer, offset, count);
        Tell(count);
    }

    public override void Flush() => target.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => target.FlushAsync(cancellationToken);

    private void Tell(long bytes)
    {
        Bytes += bytes;
        tell(bytes);
    }
}
