using Dbaas.GuestAgent.Streams;

namespace Dbaas.GuestAgent.Objects;

/// <summary>Tells how much passes.</summary>
internal sealed class CountedStream(Stream target, Action<long> tell) : WriteOnlyStream
{
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await target.WriteAsync(buffer, cancellationToken);
        tell(buffer.Length);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        target.Write(buffer, offset, count);
        tell(count);
    }

    public override void Flush() => target.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => target.FlushAsync(cancellationToken);
}
