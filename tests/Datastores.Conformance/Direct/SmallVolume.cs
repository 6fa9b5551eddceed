using System.Diagnostics;

namespace Dbaas.Datastores.Conformance.Direct;

/// <summary>
/// A file system of its own in the place of an instance's volume, so that it can be full: an image on a loop device, as root. As on a real
/// one a little is kept for the agent's records. With it goes the server that uses it.
/// </summary>
public sealed class SmallVolume : IAsyncDisposable
{
    private readonly TestInstance _instance;

    private SmallVolume(TestInstance instance) => _instance = instance;

    private string Image => Path.Combine(_instance.Folder, "volume.img");

    private string Ballast => Path.Combine(_instance.Host.VolumePath, "ballast");

    /// <summary>In the place of a volume that is empty yet.</summary>
    public static async Task<SmallVolume> MakeAsync(TestInstance instance, int megabytes)
    {
        var volume = new SmallVolume(instance);
        var mode = File.GetUnixFileMode(instance.Host.VolumePath);
        await RunAsync("truncate", "-s", $"{megabytes}M", volume.Image);
        await RunAsync("mkfs.ext4", "-q", "-m", "0.1", volume.Image);
        await RunAsync("mount", "-o", "loop", volume.Image, instance.Host.VolumePath);
        File.SetUnixFileMode(instance.Host.VolumePath, mode);
        return volume;
    }

    /// <summary>Takes what is free but for so many megabytes.</summary>
    public Task LeaveAsync(int megabytes) =>
        RunAsync(
            "fallocate", "-l", $"{new DriveInfo(_instance.Host.VolumePath).AvailableFreeSpace - (megabytes * 1024L * 1024L)}", Ballast);

    /// <summary>Takes every block that the database's user could still have.</summary>
    public void TakeAll()
    {
        using var rest = new FileStream(Ballast + ".rest", FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        while (new DriveInfo(_instance.Host.VolumePath).AvailableFreeSpace > 0)
        {
            rest.Write(block);
        }
    }

    /// <summary>Gives back what was taken.</summary>
    public void MakeRoom()
    {
        File.Delete(Ballast);
        File.Delete(Ballast + ".rest");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _instance.Datastore.DisposeAsync();
        await _instance.Supervisor.StopAsync(TimeSpan.Zero, CancellationToken.None);
        await RunAsync("umount", _instance.Host.VolumePath);
        File.Delete(Image);
    }

    private static async Task RunAsync(params string[] command)
    {
        using var process = Process.Start(Commands.StartInfo(command, workingDirectory: null))!;
        process.StandardInput.Close();
        var words = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {words}");
        }
    }
}
