using System.Text;
using Dbaas.Datastores.Contract;

namespace Dbaas.Datastores.MySql.Logs;

/// <summary>Reads a log in whole entries: what must not be shown is told by the entry that it is in.</summary>
internal sealed class LogReader(LogFiles files, TimeProvider time)
{
    private const int ShownOfLong = 64 * 1024;
    private const int Window = 1024 * 1024;

    /// <summary>More than the beginning of an entry has.</summary>
    private const int Overlap = 256;

    /// <summary>An entry that nothing was written behind for so long is whole.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    public async Task<LogPiece> ReadAsync(long from, int mostBytes, CancellationToken cancellationToken)
    {
        var (piece, isWhole) = Read(from, mostBytes);
        if (!isWhole)
        {
            await Task.Delay(Settled, time, cancellationToken);
            (piece, _) = Read(from, mostBytes);
        }

        return piece;
    }

    /// <returns>And whether all that was written is in it, as far as there is room.</returns>
    private (LogPiece Piece, bool IsWhole) Read(long from, int mostBytes)
    {
        using var log = files.Open(from);
        if (log is null)
        {
            var (first, end) = files.Range;
            var place = Math.Clamp(from, first, end);
            return (new LogPiece(place, place, end, ReadOnlyMemory<byte>.Empty), true);
        }

        var isSettled = !log.IsWritten || time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(log.File) >= Settled;
        var text = Encoding.Latin1.GetString(log.Read(log.From, mostBytes));
        if (log.From + text.Length < log.Until)
        {
            return (LastEntryOf(text) is > 0 and var cut ? PieceOf(log, text[..cut]) : LongEntry(log, text, isSettled), true);
        }

        return isSettled
            ? (PieceOf(log, text), true)
            : (PieceOf(log, text[..LastEntryOf(text)]), false);
    }

    private int LastEntryOf(string text)
    {
        var last = 0;
        foreach (var entry in files.Kind.Entry.EnumerateMatches(text))
        {
            last = entry.Index;
        }

        return last;
    }

    /// <summary>Its beginning is all that is shown of it.</summary>
    private LogPiece LongEntry(OpenLog log, string text, bool isSettled)
    {
        var next = log.From + text.Length - Overlap;
        while (true)
        {
            var window = Encoding.Latin1.GetString(log.Read(next, Window));
            var isLast = next + window.Length >= log.Until;
            var found = files.Kind.Entry.Match(window);

            // A match at its very beginning may be of no line's beginning.
            if (found.Success && found.Index == 0)
            {
                found = found.NextMatch();
            }

            if (found.Success || (isLast && isSettled))
            {
                next += found.Success ? found.Index : window.Length;
                var shown = text[..Math.Min(text.Length, ShownOfLong)];
                return PieceOf(log, shown, next, "… [the rest is too long to be shown]\n");
            }

            if (isLast)
            {
                return new LogPiece(log.From, log.From, log.End, ReadOnlyMemory<byte>.Empty);
            }

            next += window.Length - Overlap;
        }
    }

    private LogPiece PieceOf(OpenLog log, string text) => PieceOf(log, text, log.From + text.Length, "");

    private LogPiece PieceOf(OpenLog log, string text, long next, string end) => new(
        log.From,
        next,
        log.End,
        (byte[])[.. Encoding.Latin1.GetBytes(Discretion.Of(text, files.Kind.Entry)), .. Encoding.UTF8.GetBytes(end)]);
}
