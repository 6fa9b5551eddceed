using System.Runtime.InteropServices;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>
/// Brings files to the disk while a program unpacks them, and lets go of them in memory. Otherwise all the data would pile up in the page
/// cache: that counts against the server's memory limit, the server reads past it, and the first sync would wait for everything at once.
/// </summary>
internal sealed class WriteBehind(string folder)
{
    private const int BufferSize = 256 * 1024;

    /// <summary>At most two of these are in memory only.</summary>
    private const int Stretch = 16 * 1024 * 1024;

    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private readonly Dictionary<string, long> written = [];

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
                fed += read;
                if (fed >= Stretch)
                {
                    await writing;
                    writing = Task.Run(Write, CancellationToken.None);
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
        Write();
        if (Directory.EnumerateFiles(folder, "*", Everything).FirstOrDefault() is { } any)
        {
            using var handle = File.OpenHandle(any, share: FileShare.ReadWrite | FileShare.Delete);
            Check(NativeFiles.SyncFileSystem(handle));
        }
    }

    private void Write()
    {
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", Everything))
        {
            try
            {
                Write(file);
            }
            catch (FileNotFoundException)
            {
                // It had a name for the time of its making.
            }
        }
    }

    private void Write(FileInfo file)
    {
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
