using System.Text;

namespace Dbaas.GuestAgent.Processes;

/// <summary>Reads a stream to its end and keeps the last 8 KiB.</summary>
internal sealed class ErrorTail
{
    private const int Limit = 8 * 1024;

    private readonly byte[] buffer = new byte[2 * Limit];
    private int filled;

    public string Text => Encoding.UTF8.GetString(buffer.AsSpan(Math.Max(0, filled - Limit), Math.Min(filled, Limit)));

    public async Task ReadAsync(Stream source)
    {
        while (true)
        {
            if (filled == buffer.Length)
            {
                buffer.AsSpan(Limit).CopyTo(buffer);
                filled = Limit;
            }

            var read = await source.ReadAsync(buffer.AsMemory(filled));
            if (read == 0)
            {
                return;
            }

            filled += read;
        }
    }
}
