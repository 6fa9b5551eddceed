using System.Globalization;
using System.Text;
using Dbaas.GuestAgent.Streams;

namespace Dbaas.GuestAgent.Transfer;

/// <summary>
/// The body of an answer whose length nobody knows beforehand: in chunks, each with its size before it, sent in one piece. Without the
/// empty chunk at the end the reader knows that it has been cut off.
/// </summary>
internal sealed class ChunkedStream(Stream connection) : WriteOnlyStream
{
    private const int LargestChunk = 256 * 1024;
    private const int HeadSize = 8;

    private readonly byte[] chunk = new byte[HeadSize + LargestChunk + 2];

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var size = Math.Min(buffer.Length, LargestChunk);
            Encoding.ASCII.GetBytes(size.ToString("x6", CultureInfo.InvariantCulture) + "\r\n", chunk);
            buffer.Span[..size].CopyTo(chunk.AsSpan(HeadSize));
            "\r\n"u8.CopyTo(chunk.AsSpan(HeadSize + size));
            await connection.WriteAsync(chunk.AsMemory(0, HeadSize + size + 2), cancellationToken);
            buffer = buffer[size..];
        }
    }

    /// <summary>Says that this was all.</summary>
    public ValueTask FinishAsync(CancellationToken cancellationToken) => connection.WriteAsync("0\r\n\r\n"u8.ToArray(), cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();
}
