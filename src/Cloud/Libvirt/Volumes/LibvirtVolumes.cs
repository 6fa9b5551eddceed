using System.Globalization;
using Dbaas.Cloud.Hosts;
using Dbaas.Cloud.Libvirt.Disks;
using Dbaas.Cloud.Libvirt.Domains;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Libvirt.Volumes;

/// <summary>Data volumes: raw disks, which a guest formats and which outlive it.</summary>
internal sealed class LibvirtVolumes(Names names, StoragePool pool, DomainStore domains, Virsh virsh) : IVolumes
{
    private const int LargestGb = 16 * 1024;
    private const long Gigabyte = 1L << 30;
    private const string Suffix = ".data";
    private readonly KeyedLock _locks = new();

    public async Task<Volume> EnsureVolumeAsync(VolumeSpec spec, CancellationToken cancellationToken)
    {
        if (spec.SizeGb is < 1 or > LargestGb)
        {
            throw new CloudException($"A volume has 1 to {LargestGb} GB.", isTransient: false);
        }

        if (spec.Type is not null)
        {
            throw new CloudException($"There is no volume type {spec.Type}.", isTransient: false);
        }

        using var held = await _locks.TakeAsync(spec.Key, cancellationToken);
        var name = names.DataDisk(spec.Key);
        var bytes = spec.SizeGb * Gigabyte;
        switch (await pool.FindAsync(name, cancellationToken))
        {
            case null:
                await pool.CreateRawAsync(name, bytes, cancellationToken);
                break;
            case { } disk when disk.Bytes < bytes:
                await GrowAsync(spec.Key, disk, bytes, cancellationToken);
                break;
        }

        return await FindVolumeAsync(spec.Key, cancellationToken)
            ?? throw new CloudException($"The volume {spec.Key} was made, and is not there.", isTransient: true);
    }

    public async Task<Volume?> FindVolumeAsync(string key, CancellationToken cancellationToken) =>
        await pool.FindAsync(names.DataDisk(key), cancellationToken) is { } disk
            ? new Volume(key, names.Serial(key), (int)(disk.Bytes / Gigabyte), VolumeState.Ready, Detail: null)
            : null;

    public async Task<bool> DeleteVolumeAsync(string key, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(key, cancellationToken);
        await pool.DeleteAsync(names.DataDisk(key), cancellationToken);
        return true;
    }

    public async Task<IReadOnlyList<string>> ListVolumesAsync(CancellationToken cancellationToken) =>
        [.. (await pool.NamesAsync(cancellationToken)).Select(name => names.KeyIn(name, Suffix)).OfType<string>()];

    public Task<IReadOnlyList<VolumeType>> ListVolumeTypesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<VolumeType>>([]);

    /// <summary>A disk in use is grown by its machine, which tells the guest; any other by the pool.</summary>
    private async Task GrowAsync(string key, Disk disk, long bytes, CancellationToken cancellationToken)
    {
        if (await domains.FindRunningWithVolumeAsync(key, cancellationToken) is { } domain)
        {
            await virsh.RunAsync(
                ["blockresize", domain, disk.Path, string.Create(CultureInfo.InvariantCulture, $"{bytes}B")], cancellationToken);
            await pool.RefreshAsync(cancellationToken);
            return;
        }

        await pool.GrowAsync(disk.Name, bytes, cancellationToken);
    }
}
