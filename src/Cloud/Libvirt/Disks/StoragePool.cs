using System.Globalization;
using System.Xml.Linq;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Libvirt.Disks;

/// <summary>The disks of the plane, all in one pool of libvirt's.</summary>
internal sealed class StoragePool(LibvirtOptions options, Virsh virsh)
{
    private bool _ready;

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (_ready)
        {
            return;
        }

        if (await virsh.FindAsync(["pool-info", options.Pool], cancellationToken) is null)
        {
            var path = options.PoolPath ?? throw new CloudException($"libvirt has no storage pool {options.Pool}.", isTransient: false);
            await virsh.DefineAsync(
                "pool-define",
                new XElement(
                    "pool",
                    new XAttribute("type", "dir"),
                    new XElement("name", options.Pool),
                    new XElement("target", new XElement("path", path))),
                cancellationToken);
        }

        if (!(await virsh.NamesAsync(["pool-list", "--name"], cancellationToken)).Contains(options.Pool))
        {
            if (options.PoolPath is not null)
            {
                await virsh.RunAsync(["pool-build", options.Pool], cancellationToken);
                await virsh.RunAsync(["pool-autostart", options.Pool], cancellationToken);
            }

            await virsh.RunAsync(["pool-start", options.Pool], cancellationToken);
        }

        _ready = true;
    }

    /// <summary>Its description; null: there is none.</summary>
    public async Task<Disk?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        return await virsh.FindXmlAsync(["vol-dumpxml", name, "--pool", options.Pool], cancellationToken) is { } volume
            ? new Disk(
                name,
                (string)volume.Element("target")!.Element("path")!,
                long.Parse((string)volume.Element("capacity")!, CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>An empty disk that takes room as it is filled.</summary>
    public Task CreateRawAsync(string name, long bytes, CancellationToken cancellationToken) => virsh.RunAsync(
        ["vol-create-as", options.Pool, name, Size(bytes), "--allocation", "0", "--format", "raw"], cancellationToken);

    /// <summary>A disk that begins as another and keeps only what differs.</summary>
    public Task CreateOverAsync(string name, long bytes, string image, CancellationToken cancellationToken) => virsh.RunAsync(
        [
            "vol-create-as", options.Pool, name, Size(bytes), "--allocation", "0", "--format", "qcow2",
            "--backing-vol", image, "--backing-vol-format", "qcow2",
        ],
        cancellationToken);

    public Task UploadAsync(string name, string file, CancellationToken cancellationToken) =>
        virsh.RunLongAsync(["vol-upload", name, file, "--pool", options.Pool], cancellationToken);

    public Task GrowAsync(string name, long bytes, CancellationToken cancellationToken) =>
        virsh.RunAsync(["vol-resize", name, Size(bytes), "--pool", options.Pool], cancellationToken);

    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        await virsh.FindAsync(["vol-delete", name, "--pool", options.Pool], cancellationToken);
    }

    /// <summary>Names of all disks. Files that libvirt did not make itself show after <see cref="RefreshAsync"/>.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        var lines = await virsh.NamesAsync(["vol-list", options.Pool], cancellationToken);
        return [.. lines.Select(line => line.Split(' ')[0])];
    }

    public Task RefreshAsync(CancellationToken cancellationToken) => virsh.RunAsync(["pool-refresh", options.Pool], cancellationToken);

    /// <summary>Makes sure that libvirt forgets a pool that was made for the service and in which nothing is. Its folder stays.</summary>
    public async Task RemoveUnusedAsync(CancellationToken cancellationToken)
    {
        if (options.PoolPath is null || await virsh.FindAsync(["pool-info", options.Pool], cancellationToken) is null)
        {
            return;
        }

        await EnsureAsync(cancellationToken);
        await RefreshAsync(cancellationToken);
        if ((await NamesAsync(cancellationToken)).Count == 0)
        {
            _ready = false;
            await virsh.TryAsync(["pool-destroy", options.Pool], cancellationToken);
            await virsh.FindAsync(["pool-undefine", options.Pool], cancellationToken);
        }
    }

    /// <summary>Its folder on libvirt's host.</summary>
    public async Task<string> FolderAsync(CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        return await virsh.FindXmlAsync(["pool-dumpxml", options.Pool], cancellationToken) is { } pool
            ? (string)pool.Element("target")!.Element("path")!
            : throw new CloudException($"libvirt has no storage pool {options.Pool}.", isTransient: true);
    }

    /// <summary>The end of a file of text.</summary>
    public async Task<string> TailAsync(Disk disk, int bytes, CancellationToken cancellationToken)
    {
        var offset = Math.Max(0, disk.Bytes - bytes).ToString(CultureInfo.InvariantCulture);
        return await virsh.RunAsync(
            ["vol-download", disk.Name, "/dev/stdout", "--pool", options.Pool, "--offset", offset], cancellationToken);
    }

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes}B");
}

/// <summary>A disk in the pool.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Where it is on libvirt's host.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record Disk(string Name, string Path, long Bytes);
