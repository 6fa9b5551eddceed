using System.Buffers.Binary;
using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Archiving;

/// <summary>
/// Finds the transactions in a file of the log, by the heads of its events. What they hold is passed over.
/// </summary>
/// <param name="file">The file; its present place is this scanner's.</param>
/// <param name="form">The engine's form of it.</param>
/// <param name="checksumBytes">At the end of each event.</param>
/// <param name="from">Where the first event is that counts: nothing is begun there.</param>
internal sealed class LogScanner(Stream file, LogForm form, int checksumBytes, long from)
{
    // A statement that begins or ends a transaction is short, and what is said before it is too.
    private const int LongestRead = 4096;
    private const int LeastBody = 13;

    private readonly byte[] _buffer = new byte[LogEvent.HeadLength + LongestRead];
    private uint? _next;

    /// <summary>Everything before this place was found.</summary>
    public long At { get; private set; } = from;

    /// <summary>The next transaction, or event that belongs to none.</summary>
    /// <param name="end">The file is read up to here.</param>
    /// <param name="isWhole">Whatever was begun before the end has its end there: the server said so.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null: there is no whole one before the end.</returns>
    public async Task<LoggedPiece?> NextAsync(long end, bool isWhole, CancellationToken cancellationToken)
    {
        var (at, next) = (At, _next);
        LogForm.Beginning? begun = null;
        bool? endsByItself = null;
        var committed = 0L;
        while (at + LogEvent.HeadLength <= end)
        {
            var (head, body) = await ReadAsync(at, end, cancellationToken);
            if (head.Length < LogEvent.HeadLength || at + head.Length > end)
            {
                break;
            }

            if (begun is not null && (form.Begins(head.Type) || head.StandsAlone))
            {
                return Found(at, next, begun, committed);
            }

            CheckOrder(head, next);
            at += head.Length;
            next = head.Next;
            committed = begun?.Committed ?? LogForm.SecondsOf(head);
            if (form.Begins(head.Type))
            {
                begun = form.ReadBeginning(head, body.Span);
                endsByItself = begun.Value.EndsByItself;
            }
            else if (begun is null || IsEnd(head, body.Span, ref endsByItself))
            {
                return Found(at, next, begun, committed);
            }
        }

        return begun is not null && isWhole && at == end ? Found(at, next, begun, committed) : null;
    }

    private LoggedPiece Found(long to, uint? next, LogForm.Beginning? begun, long committed)
    {
        var piece = new LoggedPiece(At, to, begun?.Name, begun?.Committed ?? committed);
        (At, _next) = (to, next);
        return piece;
    }

    /// <summary>Events say where they were: what lies behind each other came from behind each other.</summary>
    private static void CheckOrder(LogEvent head, uint? next)
    {
        if (next is { } wanted && head.Next != 0 && wanted != 0 && head.Next - (uint)head.Length != wanted)
        {
            throw Faults.Permanent(
                $"The binary log has a hole: an event that was at {head.Next - (uint)head.Length} lies behind one that ended at {wanted}.");
        }
    }

    private async Task<(LogEvent Head, ReadOnlyMemory<byte> Body)> ReadAsync(long at, long end, CancellationToken cancellationToken)
    {
        file.Position = at;
        await file.ReadExactlyAsync(_buffer.AsMemory(0, LogEvent.HeadLength), cancellationToken);
        var head = LogEvent.Read(_buffer);
        if (!form.Begins(head.Type) && head.Type is not LogEvent.Query)
        {
            return (head, default);
        }

        var length = (int)Math.Clamp(Math.Min(head.Length, end - at) - LogEvent.HeadLength, 0, LongestRead);
        var body = _buffer.AsMemory(LogEvent.HeadLength, length);
        await file.ReadExactlyAsync(body, cancellationToken);
        return (head, body);
    }

    private bool IsEnd(LogEvent head, ReadOnlySpan<byte> body, ref bool? endsByItself)
    {
        if (head.Type is LogEvent.Xid or LogEvent.XaPrepare or LogEvent.Payload)
        {
            return true;
        }

        if (head.Type == LogEvent.CompressedQuery)
        {
            return endsByItself == true;
        }

        if (head.Type != LogEvent.Query)
        {
            return false;
        }

        var statement = Statement(head, body);
        endsByItself ??= !(statement.SequenceEqual("BEGIN"u8) || statement.StartsWith("XA START"u8));
        return endsByItself.Value || statement.SequenceEqual("COMMIT"u8) || statement.SequenceEqual("ROLLBACK"u8);
    }

    /// <summary>Empty: it is too long to be one that counts.</summary>
    private ReadOnlySpan<byte> Statement(LogEvent head, ReadOnlySpan<byte> body)
    {
        if (body.Length < LeastBody || body.Length < head.Length - LogEvent.HeadLength)
        {
            return default;
        }

        // Connection, duration, length of the database's name, error, length of what was set; then these, and the statement.
        var start = LeastBody + BinaryPrimitives.ReadUInt16LittleEndian(body[11..]) + body[8] + 1;
        var end = body.Length - checksumBytes;
        return start <= end ? body[start..end] : default;
    }
}
