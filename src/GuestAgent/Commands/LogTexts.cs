using System.IO.Compression;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Commands;

/// <summary>Some of a log as an answer, which is small enough for one even where it cannot be compressed.</summary>
internal static class LogTexts
{
    /// <summary>A body has 1 MiB, and in JSON four characters are three bytes.</summary>
    private const int MostBytes = 512 * 1024;

    private const int LeastBytes = 4 * 1024;

    public static async Task<LogText> ReadAsync(ILogs logs, ReadLog read, CancellationToken cancellationToken)
    {
        var piece = await logs.ReadAsync(
            read.Name, Math.Max(0, read.From), Math.Clamp(read.MostBytes, LeastBytes, MostBytes), cancellationToken);
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(piece.Content, cancellationToken);
        }

        return new LogText(piece.From, piece.Next, piece.End, compressed.ToArray());
    }
}
