using System.Diagnostics;

namespace Dbaas.Testing;

/// <summary>
/// A file system of its own below an empty folder, so that it can be full: an image on a loop device, as root. As on a real volume a little
/// is kept for root.
/// </summary>
public sealed class SmallFileSystem : IAsyncDisposable
{
    private const int Block = 4096;

    private readonly string _folder;

    private SmallFileSystem(string folder) => _folder = folder;

    private string Image => _folder + ".img";

    private string Ballast => Path.Combine(_folder, "ballast");

    private string Rest => Ballast + ".rest";

    /// <summary>In the place of a folder that is empty or not there yet.</summary>
    public static async Task<SmallFileSystem> MakeAsync(string folder, int megabytes)
    {
        var made = new SmallFileSystem(Directory.CreateDirectory(folder).FullName);
        var mode = File.GetUnixFileMode(folder);
        await RunAsync("truncate", "-s", $"{megabytes}M", made.Image);
        await RunAsync("mkfs.ext4", "-q", "-b", $"{Block}", "-m", "0.1", made.Image);
        await RunAsync("mount", "-o", "loop", made.Image, folder);
        File.SetUnixFileMode(folder, mode);
        return made;
    }

    /// <summary>Takes what is free but for so many megabytes.</summary>
    public Task LeaveAsync(int megabytes) =>
        RunAsync("fallocate", "-l", $"{new DriveInfo(_folder).AvailableFreeSpace - (megabytes * 1024L * 1024L)}", Ballast);

    /// <summary>Takes every block that others than root could still have.</summary>
    public void TakeAll()
    {
        using var rest = new FileStream(Rest, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[Block];
        while (new DriveInfo(_folder).AvailableFreeSpace > 0)
        {
            rest.Write(block);
        }
    }

    /// <summary>
    /// Takes every block, root's too, until a new file gets none: what the file system keeps back for a moment is taken as well.
    /// </summary>
    public void TakeAllFromRoot()
    {
        for (var more = 0; Takes(1024 * Block, Rest) | Takes(Block, $"{Rest}.{more}"); more++)
        {
        }
    }

    /// <summary>Until there is nothing of that size.</summary>
    private static bool Takes(int size, string path)
    {
        var bytes = new byte[size];
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var before = file.Length;
        try
        {
            while (true)
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }
        }
        catch (IOException)
        {
            return file.Length > before;
        }
    }

    /// <summary>Gives back what was taken.</summary>
    public void MakeRoom()
    {
        foreach (var file in Directory.EnumerateFiles(_folder, Path.GetFileName(Ballast) + "*"))
        {
            File.Delete(file);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", _folder);
        File.Delete(Image);
    }

    private static async Task RunAsync(params string[] command)
    {
        var info = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardError = true };
        using var process = Process.Start(info)!;
        process.StandardInput.Close();
        var words = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {words}");
        }
    }
}
