using System.Globalization;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;
using Microsoft.Win32.SafeHandles;

namespace Dbaas.Datastores.MySql.Archiving;

/// <summary>
/// The end of the log, as it grows: what was written of it since the last look goes out as parts. The file that is open is read by its
/// length, and never beyond what the server says that it has logged; a file is over when the next one is there.
/// </summary>
internal sealed class LogTail : IDisposable
{
    private const int NumberDigits = 6;
    private const int CopySize = 256 * 1024;

    private readonly Flavor _flavor;
    private readonly ServerLayout _layout;
    private readonly LoggedState _state;
    private SafeFileHandle _handle;
    private FileStream _file;
    private LogHead _head;
    private LogScanner _scanner;

    /// <summary>What was found, and is not written yet: it is too large for the part before it, or for any.</summary>
    private LoggedPiece? _found;

    /// <summary>Everything before this place in the file is written: also the first parts of a transaction that is larger.</summary>
    private long _written;

    private LogTail(Flavor flavor, ServerLayout layout, LogPlaceDocument place, SafeFileHandle handle, FileStream file, LogHead head)
    {
        (_flavor, _layout, Place, _handle, _file, _head) = (flavor, layout, place, handle, file, head);
        _state = flavor.LogForm.StateOf(place.Gtid);
        _scanner = new LogScanner(file, flavor.LogForm, head.ChecksumBytes, place.Offset);
        _written = place.Offset;
    }

    /// <summary>The last place between two transactions that is written.</summary>
    public LogPlaceDocument Place { get; private set; }

    /// <summary>Goes on from a place.</summary>
    /// <returns>Null: there is no such file, or it is another one of that name.</returns>
    public static async Task<LogTail?> OpenAsync(
        Flavor flavor, ServerLayout layout, LogPlaceDocument place, CancellationToken cancellationToken)
    {
        var path = Path.Combine(layout.BinaryLog, place.File);
        if (!File.Exists(path))
        {
            return null;
        }

        var (handle, file, head) = await OpenAsync(path, cancellationToken) ?? throw NotWhole(place.File);
        if (head.Made == place.FileMade && RandomAccess.GetLength(handle) >= place.Offset)
        {
            return new LogTail(flavor, layout, place, handle, file, head);
        }

        await file.DisposeAsync();
        return null;
    }

    /// <summary>Begins with a file.</summary>
    /// <param name="flavor">The engine.</param>
    /// <param name="layout">Where its files are.</param>
    /// <param name="place">What holds of all its places: the file, the offset and the moment do not count.</param>
    /// <param name="name">The file.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<LogTail> BeginAsync(
        Flavor flavor, ServerLayout layout, LogPlaceDocument place, string name, CancellationToken cancellationToken)
    {
        var (handle, file, head) = await OpenAsync(Path.Combine(layout.BinaryLog, name), cancellationToken) ?? throw NotWhole(name);
        return new LogTail(flavor, layout, place with { File = name, FileMade = head.Made, Offset = head.Length }, handle, file, head);
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Writes what is new.</summary>
    /// <param name="log">Takes it.</param>
    /// <param name="mostBytes">A part has no more.</param>
    /// <param name="position">Asks the server how far it is. Called when there is something new only.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>All that the server had logged when this began is written; false: the end of it is not whole yet.</returns>
    public async Task<bool> CatchUpAsync(
        ILogWriter log, int mostBytes, Func<Task<LogPosition>> position, CancellationToken cancellationToken)
    {
        while (true)
        {
            // In this order: when there is a next one, this one is at its length for good.
            var isOver = File.Exists(PathOfNext);
            var length = RandomAccess.GetLength(_handle);
            if (isOver)
            {
                await WriteAsync(log, mostBytes, length, isWhole: false, cancellationToken);
                await GoOnAsync(cancellationToken);
                continue;
            }

            if (length <= _written)
            {
                await CheckSameAsync(cancellationToken);
                return true;
            }

            var now = await position();
            if (now.File == Place.File)
            {
                await WriteAsync(log, mostBytes, Math.Min(now.Offset, length), isWhole: now.Offset <= length, cancellationToken);
                return _written >= now.Offset;
            }

            if (!File.Exists(PathOfNext))
            {
                throw Faults.Transient($"The binary log goes on in another place ({now.File}) than behind {Place.File}.");
            }
        }
    }

    /// <summary>Says, until the next part, whether what is written is all that there is.</summary>
    public Func<bool> Rest()
    {
        var (path, next, written) = (Path.Combine(_layout.BinaryLog, Place.File), PathOfNext, _written);
        return () => new FileInfo(path) is { Exists: true } file && file.Length == written && !File.Exists(next);
    }

    private async Task WriteAsync(ILogWriter log, int mostBytes, long end, bool isWhole, CancellationToken cancellationToken)
    {
        while (_written < end)
        {
            var (from, begins) = (_written, _written == Place.Offset);
            var (to, committed) = (from, Place.Committed);
            while ((_found ??= await _scanner.NextAsync(end, isWhole, cancellationToken)) is { } piece && piece.To - from <= mostBytes)
            {
                (to, _found) = (piece.To, null);
                if (piece.Transaction is { } name)
                {
                    _state.Add(name);
                    committed = piece.Committed;
                }
            }

            if (to == from && _found is null)
            {
                // A transaction that was being written when the server ended: nobody was told that it was done, and nothing of it counts.
                return;
            }

            if (to == from)
            {
                to = from + mostBytes;
            }
            else
            {
                Place = Place with { Offset = to, Gtid = _state.ToString(), Committed = committed };
            }

            await log.WriteAsync(
                Place.ToPlace(_flavor), (target, token) => CopyAsync(begins, from, to, target, token), cancellationToken);
            _written = to;
        }
    }

    /// <summary>A part that begins between two transactions can be read by itself.</summary>
    private async Task CopyAsync(bool withHead, long from, long to, Stream target, CancellationToken cancellationToken)
    {
        if (withHead)
        {
            await target.WriteAsync(_head.Bytes, cancellationToken);
        }

        var buffer = new byte[(int)Math.Min(CopySize, to - from)];
        for (var at = from; at < to;)
        {
            var read = await RandomAccess.ReadAsync(
                _handle, buffer.AsMemory(0, (int)Math.Min(buffer.Length, to - at)), at, cancellationToken);
            if (read == 0)
            {
                throw Faults.Transient($"The file {Place.File} of the binary log has become shorter.");
            }

            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            at += read;
        }
    }

    /// <summary>A file that has lost its name does not grow: the log may have been begun anew under the same names.</summary>
    private async Task CheckSameAsync(CancellationToken cancellationToken)
    {
        var now = await OpenAsync(Path.Combine(_layout.BinaryLog, Place.File), cancellationToken) ?? throw NotWhole(Place.File);
        await now.File.DisposeAsync();
        if (now.Head.Made != Place.FileMade)
        {
            throw Faults.Transient($"The file {Place.File} of the binary log is another one than before.");
        }
    }

    private async Task GoOnAsync(CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(PathOfNext);
        var (handle, file, head) = await OpenAsync(PathOfNext, cancellationToken) ?? throw NotWhole(name);
        await _file.DisposeAsync();
        (_handle, _file, _head, _found, _written) = (handle, file, head, null, head.Length);
        Place = Place with { File = name, FileMade = head.Made, Offset = head.Length };
        _scanner = new LogScanner(file, _flavor.LogForm, head.ChecksumBytes, head.Length);
    }

    private static async Task<(SafeFileHandle Handle, FileStream File, LogHead Head)?> OpenAsync(
        string path, CancellationToken cancellationToken)
    {
        SafeFileHandle handle;
        try
        {
            handle = NativeFiles.OpenForReading(path);
        }
        catch (IOException e)
        {
            throw Faults.Transient($"A file of the binary log cannot be read: {e.Message}", e);
        }

        var file = new FileStream(handle, FileAccess.Read);
        try
        {
            if (await LogHead.ReadAsync(file, cancellationToken) is { } head)
            {
                return (handle, file, head);
            }
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        await file.DisposeAsync();
        return null;
    }

    private string PathOfNext
    {
        get
        {
            var dot = Place.File.LastIndexOf('.');
            var number = long.Parse(Place.File.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture) + 1;
            var next = number.ToString($"D{NumberDigits}", CultureInfo.InvariantCulture);
            return Path.Combine(_layout.BinaryLog, $"{Place.File.AsSpan(0, dot)}.{next}");
        }
    }

    /// <summary>The server makes a file, and then writes its beginning.</summary>
    private static DatastoreException NotWhole(string name) =>
        Faults.Transient($"The file {name} of the binary log is just being made.");
}
