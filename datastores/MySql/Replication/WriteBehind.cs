using System.Runtime.InteropServices;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>
/// Brings files to the disk while a program unpacks them, and lets go of them in memory. Otherwise all the data would pile up in the page
/// cache: that counts against the server's memory limit, the server reads past it, and the first sync would wait for everything at once.
/// Only the files that the stream is about at the moment are looked at: there may be ten thousand others.
/// </summary>
/// <param name="folder">Where the program unpacks.</param>
/// <param name="streamed">Knows the files of the stream; null: the backup tool's.</param>
/// <param name="passed">Told how many bytes the program has taken; null: nobody wants to know.</param>
internal sealed class WriteBehind(string folder, IStreamedFiles? streamed = null, Action<long>? passed = null)
{
    private const int BufferSize = 256 * 1024;

    /// <summary>At most two of these are in memory only.</summary>
    private const int Stretch = 16 * 1024 * 1024;

    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private readonly Dictionary<string, long> written = [];
    private readonly IStreamedFiles streamed = streamed ?? new StreamedFiles();

    /// <summary>Of the stretch before: the program may have been in the middle of a piece for them.</summary>
    private IReadOnlySet<string> before = new HashSet<string>();

    /// <summary>Feeds the program that unpacks into the folder. It waits when the disk falls behind.</summary>
    public async Task CopyAsync(Stream source, Stream program, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var writing = Task.CompletedTask;
        var fed = 0;
        try
        {
            int read;
            while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
            {
                await program.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                passed?.Invoke(read);
                streamed.Read(buffer.AsSpan(0, read));
                fed += read;
                if (fed >= Stretch)
                {
                    await writing;
                    var names = streamed.Take();
                    var files = names.Union(before).Select(FileOf).OfType<FileInfo>().ToList();
                    before = names;
                    writing = Task.Run(() => Write(files), CancellationToken.None);
                    fed = 0;
                }
            }
        }
        finally
        {
            await writing;
        }
    }

    /// <summary>Returns when everything in the folder's file system is on its disk.</summary>
    public void Finish()
    {
        Write(new DirectoryInfo(folder).EnumerateFiles("*", Everything));
        if (Directory.EnumerateFiles(folder, "*", Everything).FirstOrDefault() is { } any)
        {
            using var handle = File.OpenHandle(any, share: FileShare.ReadWrite | FileShare.Delete);
            Check(NativeFiles.SyncFileSystem(handle));
        }
    }

    /// <summary>A file below the folder; null: the name leads elsewhere.</summary>
    private FileInfo? FileOf(string name)
    {
        var path = Path.GetFullPath(name, folder);
        return path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? new FileInfo(path) : null;
    }

    private void Write(IEnumerable<FileInfo> files)
    {
        foreach (var file in files)
        {
            try
            {
                Write(file);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // The program has not made it yet, or it had a name for the time of its making.
            }
        }
    }

    private void Write(FileInfo file)
    {
        if (file.LinkTarget is not null)
        {
            return;
        }

        var start = written.GetValueOrDefault(file.FullName);
        var length = file.Length - start;
        if (length <= 0)
        {
            return;
        }

        using var handle = File.OpenHandle(file.FullName, share: FileShare.ReadWrite | FileShare.Delete);
        Check(NativeFiles.SyncRange(handle, start, length, NativeFiles.WriteAndWait));

        // Only advice.
        _ = NativeFiles.Advise(handle, start, length, NativeFiles.DoNotNeed);
        written[file.FullName] = start + length;
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw Faults.Transient($"The data cannot be written to its disk: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }
}
