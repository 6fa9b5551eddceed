using System.Text.Json;
using Dbaas.Cloud.Processes;

namespace Dbaas.Cloud.Libvirt.Disks;

/// <summary>A config drive as OpenStack's are, made in a folder that only we can read: there is a secret on it.</summary>
internal sealed class ConfigDriveFile : IDisposable
{
    /// <summary>By this, guests know it.</summary>
    private const string Label = "config-2";

    private readonly DirectoryInfo _folder;

    private ConfigDriveFile(DirectoryInfo folder) => _folder = folder;

    public string Path => System.IO.Path.Combine(_folder.FullName, "config.iso");

    public long Bytes => new FileInfo(Path).Length;

    public static async Task<ConfigDriveFile> MakeAsync(string serverId, string name, byte[] userData, CancellationToken cancellationToken)
    {
        var drive = new ConfigDriveFile(Directory.CreateTempSubdirectory("dbaas-config-"));
        try
        {
            var content = System.IO.Path.Combine(drive._folder.FullName, "content");
            var latest = System.IO.Path.Combine(content, "openstack", "latest");
            Directory.CreateDirectory(latest);
            await File.WriteAllBytesAsync(System.IO.Path.Combine(latest, "user_data"), userData, cancellationToken);
            await File.WriteAllBytesAsync(
                System.IO.Path.Combine(latest, "meta_data.json"),
                JsonSerializer.SerializeToUtf8Bytes(new { uuid = serverId, name, hostname = "dbaas-guest" }),
                cancellationToken);
            await HostCommand.RunAsync("genisoimage", ["-quiet", "-V", Label, "-J", "-R", "-o", drive.Path, content], cancellationToken);
            return drive;
        }
        catch
        {
            drive.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
