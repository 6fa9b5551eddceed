using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.Conformance.Direct;

/// <summary>A stream to read that breaks after so many bytes, or waits once after its first.</summary>
internal sealed class CuttingStream(Stream inner, long? cutAfter, Func<Task>? hold) : Stream
{
    private Func<Task>? _hold = hold;
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_read >= cutAfter)
        {
            throw new DatastoreException(FaultKind.Transient, "The transfer was cut.");
        }

        if (_read > 0 && Interlocked.Exchange(ref _hold, null) is { } wait)
        {
            await wait();
        }

        var count = await inner.ReadAsync(buffer, cancellationToken);
        _read += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
