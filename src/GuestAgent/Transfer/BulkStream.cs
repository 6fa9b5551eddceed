using System.IO.Pipelines;

namespace Dbaas.GuestAgent.Transfer;

/// <summary>
/// The body of an answer for bulk data. Each write takes memory of its own size: otherwise the server cuts it into blocks of 4 KB, each a
/// TLS record and a system call of its own, which costs both ends more than all else together.
/// </summary>
internal sealed class BulkStream(PipeWriter body) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return;
        }

        buffer.CopyTo(body.GetMemory(buffer.Length));
        body.Advance(buffer.Length);
        if ((await body.FlushAsync(cancellationToken)).IsCompleted)
        {
            throw new IOException("The reader has gone.");
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
