using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dbaas.Cloud.Hosts;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Libvirt.Disks;

/// <summary>
/// The disks of a server besides its volume: its root, which begins as an image, and its config drive. Each build has its own.
/// </summary>
internal sealed class ServerDisks(LibvirtOptions options, Names names, StoragePool pool)
{
    private const long Gigabyte = 1L << 30;
    private const string Complete = ".complete";
    private readonly KeyedLock _locks = new();
    private readonly ConcurrentDictionary<string, Task> _copies = new();

    /// <summary>
    /// Makes the disks of a build that no domain has yet: what an earlier call left may be half of one, so it is made anew.
    /// </summary>
    public async Task<(Disk Root, Disk Config)> MakeAsync(
        ServerSpec spec, CloudFlavor flavor, byte[] userData, CancellationToken cancellationToken)
    {
        var image = await EnsureImageAsync(PathOfImage(spec), cancellationToken);
        var root = names.RootDisk(spec.Key, spec.Build);
        await pool.DeleteAsync(root, cancellationToken);
        await pool.CreateOverAsync(root, Math.Max(image.Bytes, flavor.DiskGb * Gigabyte), image.Name, cancellationToken);

        var config = names.ConfigDrive(spec.Key, spec.Build);
        await pool.DeleteAsync(config, cancellationToken);
        using var drive = await ConfigDriveFile.MakeAsync(names.Uuid("domain", spec.Key), spec.Name, userData, cancellationToken);
        await pool.CreateRawAsync(config, drive.Bytes, cancellationToken);
        await pool.UploadAsync(config, drive.Path, cancellationToken);
        return (await ThereAsync(root, cancellationToken), await ThereAsync(config, cancellationToken));
    }

    /// <summary>Removes the disks of all builds but one; null: of all, and the console.</summary>
    public async Task RemoveAsync(string key, int? butBuild, CancellationToken cancellationToken)
    {
        string[] kept = butBuild is { } build ? [names.RootDisk(key, build), names.ConfigDrive(key, build), names.Console(key)] : [];
        await pool.EnsureAsync(cancellationToken);
        await pool.RefreshAsync(cancellationToken);
        var own = names.Of(key) + ".";
        foreach (var name in (await pool.NamesAsync(cancellationToken)).Where(name =>
            name.StartsWith(own, StringComparison.Ordinal) && name != names.DataDisk(key) && !kept.Contains(name)))
        {
            await pool.DeleteAsync(name, cancellationToken);
        }
    }

    /// <summary>Removes the copies of images. No server is left that began as one.</summary>
    public async Task RemoveImagesAsync(CancellationToken cancellationToken)
    {
        var names = await pool.NamesAsync(cancellationToken);
        foreach (var name in names.Where(name => name.StartsWith(ImagePrefix, StringComparison.Ordinal)))
        {
            await pool.DeleteAsync(name, cancellationToken);
        }
    }

    private string ImagePrefix => names.Network + "-image-";

    private string PathOfImage(ServerSpec spec)
    {
        var name = spec.Image.Length > 0 ? spec.Image
            : options.Images.ContainsKey(spec.Datastore) || options.Images.Count != 1 ? spec.Datastore
            : options.Images.Keys.Single();
        return options.Images.TryGetValue(name, out var path) && File.Exists(path)
            ? path
            : throw new CloudException($"There is no image {name}.", isTransient: false);
    }

    /// <summary>Copied into the pool once. It is complete when the mark beside it is there: a copy that was cut off is made anew.</summary>
    private async Task<Disk> EnsureImageAsync(string path, CancellationToken cancellationToken)
    {
        var file = new FileInfo(path);
        var identity = Encoding.UTF8.GetBytes($"{file.FullName} {file.Length} {file.LastWriteTimeUtc:O}");
        var name = ImagePrefix + Convert.ToHexStringLower(SHA256.HashData(identity))[..16];
        using (await _locks.TakeAsync(name, cancellationToken))
        {
            if (await pool.FindAsync(
                name + Complete, cancellationToken) is null && !(_copies.TryGetValue(name, out var last) && !last.IsCompleted))
            {
                _copies[name] = CopyAsync(name, file);
            }
        }

        if (_copies.TryGetValue(name, out var copy))
        {
            await copy.WaitAsync(cancellationToken);
        }

        return await ThereAsync(name, cancellationToken);
    }

    /// <summary>May take longer than any call: whoever waits for it may give up and come again, and it goes on.</summary>
    private async Task CopyAsync(string name, FileInfo file)
    {
        await pool.DeleteAsync(name, CancellationToken.None);
        await pool.CreateRawAsync(name, file.Length, CancellationToken.None);
        await pool.UploadAsync(name, file.FullName, CancellationToken.None);
        await pool.RefreshAsync(CancellationToken.None);
        await pool.CreateRawAsync(name + Complete, 1, CancellationToken.None);
    }

    private async Task<Disk> ThereAsync(string name, CancellationToken cancellationToken) =>
        await pool.FindAsync(name, cancellationToken)
            ?? throw new CloudException($"The disk {name} was made, and is not there.", isTransient: true);
}
