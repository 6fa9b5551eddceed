using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Archiving;

/// <summary>
/// What one file of the log holds of one archived log, put together on the volume: its transactions are known when it is whole. The file
/// has no name while it is used, so nobody else writes it and nothing is left of it.
/// </summary>
internal sealed class LogSegment : IDisposable
{
    private const int CopySize = 256 * 1024;

    private readonly FileStream _file;

    private LogSegment(FileStream file, LogHead head) => (_file, Head) = (file, head);

    public LogHead Head { get; }

    public long Length => _file.Length;

    /// <summary>Begins with a head.</summary>
    /// <param name="folder">On the volume; the agent's to write in.</param>
    /// <param name="head">The head.</param>
    public static LogSegment Begin(string folder, LogHead head)
    {
        var path = Path.Combine(folder, $"segment-{Path.GetRandomFileName()}");
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        File.Delete(path);
        file.Write(head.Bytes);
        return new LogSegment(file, head);
    }

    /// <summary>What comes next.</summary>
    public async Task AppendAsync(Stream events, CancellationToken cancellationToken)
    {
        _file.Position = _file.Length;
        await events.CopyToAsync(_file, CopySize, cancellationToken);
    }

    /// <summary>Finds what is in it. What was begun and is not whole comes again with what follows.</summary>
    public LogScanner Scan(LogForm form)
    {
        _file.Flush();
        return new LogScanner(_file, form, Head.ChecksumBytes, Head.Length);
    }

    /// <summary>The head, and some of the rest: as a file by itself.</summary>
    public async Task WriteAsync(IReadOnlyList<(long From, long To)> ranges, Stream target, CancellationToken cancellationToken)
    {
        await target.WriteAsync(Head.Bytes, cancellationToken);
        var buffer = new byte[CopySize];
        foreach (var (from, to) in ranges)
        {
            _file.Position = from;
            for (var left = to - from; left > 0;)
            {
                var read = await _file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellationToken);
                if (read == 0)
                {
                    throw Faults.Transient("The log that is being restored from has become shorter.");
                }

                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                left -= read;
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
