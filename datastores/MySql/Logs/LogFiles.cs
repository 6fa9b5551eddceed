using System.Globalization;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;
using Microsoft.Win32.SafeHandles;

namespace Dbaas.Datastores.MySql.Logs;

/// <summary>
/// The files of one log: the one that the server writes, and those that it wrote before, each named by its place in the whole. The places
/// follow from the names and the sizes, so that nothing has to be remembered beside them. The folder is the server's: nothing is copied or
/// cut, and no link is followed.
/// </summary>
internal sealed class LogFiles(string folder, LogKind kind)
{
    private const int Digits = 20;

    // Who reads finds the files as they are between two turns.
    private readonly Lock _gate = new();

    public LogKind Kind => kind;

    /// <summary>The one that the server writes.</summary>
    public string Current { get; } = Path.Combine(folder, kind.FileName);

    /// <summary>It is to get another name.</summary>
    public bool IsLarge => new FileInfo(Current) is { Exists: true } file && file.Length > kind.Largest;

    /// <summary>What there still is, from and to.</summary>
    public (long First, long End) Range
    {
        get
        {
            lock (_gate)
            {
                return RangeOf(Look());
            }
        }
    }

    /// <summary>A large one gets another name, and takes the place of the one before it. The server writes on until it is told.</summary>
    public void Turn()
    {
        lock (_gate)
        {
            if (!IsLarge)
            {
                return;
            }

            var formers = Formers();
            var start = formers is [.., var last] ? last.Start + last.Length : 0;
            File.Move(Current, NameOf(start), overwrite: true);

            // Behind that: the last of them tells where the present one begins.
            foreach (var former in formers)
            {
                File.Delete(former.Path);
            }

            // As agents named it that knew of one former file.
            File.Delete(Current + ".1");
        }
    }

    /// <summary>The file that holds this place, or the nearest behind it; null: there is none.</summary>
    public OpenLog? Open(long from)
    {
        lock (_gate)
        {
            var files = Look();
            var (first, end) = RangeOf(files);

            // Behind the end of it: the volume was lost, and another log has begun.
            from = from < first || from > end ? first : from;
            var found = files.FirstOrDefault(file => from < file.Start + file.Length);
            return found is null
                ? null
                : new OpenLog(
                    NativeFiles.OpenForReading(found.Path), found.Start, from, found.Start + found.Length, end, found == files[^1]);
        }
    }

    private static (long First, long End) RangeOf(IReadOnlyList<Piece> files) =>
        files is [var first, .., var last] ? (first.Start, last.Start + last.Length)
        : files is [var only] ? (only.Start, only.Start + only.Length)
        : (0, 0);

    private List<Piece> Look()
    {
        var files = Formers();
        if (new FileInfo(Current) is { Exists: true, Length: var length })
        {
            files.Add(new Piece(Current, files is [.., var last] ? last.Start + last.Length : 0, length));
        }

        return files;
    }

    private List<Piece> Formers() => !Directory.Exists(folder)
        ? []
        :
        [
            .. new DirectoryInfo(folder).EnumerateFiles()
                .Where(file => file.Name.Length == kind.FileName.Length + 1 + Digits
                    && file.Name.StartsWith($"{kind.FileName}.", StringComparison.Ordinal) && file.Name[^Digits..].All(char.IsAsciiDigit))
                .Select(file => new Piece(file.FullName, long.Parse(file.Name[^Digits..], CultureInfo.InvariantCulture), file.Length))
                .OrderBy(piece => piece.Start),
        ];

    private string NameOf(long start) => string.Create(CultureInfo.InvariantCulture, $"{Current}.{start:D20}");

    private sealed record Piece(string Path, long Start, long Length);
}

/// <summary>One file of a log, open.</summary>
/// <param name="File">The file.</param>
/// <param name="Start">Where it begins in the log.</param>
/// <param name="From">Where to read.</param>
/// <param name="Until">Where it ends.</param>
/// <param name="End">Where the log ends.</param>
/// <param name="IsWritten">The server may be writing it.</param>
internal sealed record OpenLog(SafeFileHandle File, long Start, long From, long Until, long End, bool IsWritten) : IDisposable
{
    /// <summary>Reads so many bytes, or what there is.</summary>
    public byte[] Read(long place, int size)
    {
        var buffer = new byte[Math.Min(size, Until - place)];
        var read = 0;
        while (read < buffer.Length
            && RandomAccess.Read(File, buffer.AsSpan(read), place - Start + read) is > 0 and var more)
        {
            read += more;
        }

        return buffer[..read];
    }

    /// <inheritdoc />
    public void Dispose() => File.Dispose();
}
