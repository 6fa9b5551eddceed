using System.Buffers;

namespace Dbaas.GuestAgent.Machine;

/// <summary>Looks at a disk's bytes.</summary>
internal static class DiskProbe
{
    // Signatures are within these.
    private const int Span = 1 << 20;

    /// <summary>Reads its beginning and its end, where signatures are.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    public static async Task ReadEndsAsync(string device, CancellationToken cancellationToken)
    {
        await using var disk = new FileStream(
            device, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite, BufferSize = 0 });
        var size = disk.Seek(0, SeekOrigin.End);
        var buffer = ArrayPool<byte>.Shared.Rent(Span);
        try
        {
            foreach (var position in new[] { 0, Math.Max(0, size - Span) })
            {
                disk.Position = position;
                await disk.ReadExactlyAsync(buffer.AsMemory(0, (int)Math.Min(Span, size)), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Returns when all that was written to it is on it.</summary>
    public static void Flush(string device)
    {
        using var disk = File.OpenHandle(device, access: FileAccess.ReadWrite, share: FileShare.ReadWrite);
        RandomAccess.FlushToDisk(disk);
    }
}
