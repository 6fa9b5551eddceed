using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local.Volumes;

/// <summary>Without the right to mount: a volume is a folder, of no size. Root gives it to its server's user.</summary>
internal sealed class FolderVolumes(PlanePaths paths, bool isRoot) : IServerVolumes
{
    public IReadOnlyList<string> NotEnforced { get; } = ["volume size: the volume is a folder of the host's disk"];

    public Task<Volume> EnsureVolumeAsync(VolumeSpec spec, CancellationToken cancellationToken)
    {
        Folders.MakePrivate(paths.Volume(spec.Key));
        if (isRoot)
        {
            Folders.MakePassable(paths.SharedVolumes);
        }

        if (!Directory.Exists(FolderOf(spec.Key)))
        {
            Folders.MakePrivate(FolderOf(spec.Key));
        }

        var size = Math.Max(spec.SizeGb, RecordFile.Read<VolumeRecord>(RecordOf(spec.Key))?.SizeGb ?? 0);
        RecordFile.Write(RecordOf(spec.Key), new VolumeRecord(size, RecordFile.Read<VolumeRecord>(RecordOf(spec.Key))?.OwnerId));
        return Task.FromResult(Describe(spec.Key, size));
    }

    public Task<Volume?> FindVolumeAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult(RecordFile.Read<VolumeRecord>(RecordOf(key)) is { } record ? Describe(key, record.SizeGb) : null);

    public Task<bool> DeleteVolumeAsync(string key, CancellationToken cancellationToken)
    {
        if (isRoot)
        {
            Folders.Remove(FolderOf(key));
        }

        Folders.Remove(paths.Volume(key));
        return Task.FromResult(true);
    }

    public Task<IReadOnlyList<string>> ListVolumesAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Folders.NamesIn(paths.Volumes));

    public Task<IReadOnlyList<VolumeType>> ListVolumeTypesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<VolumeType>>([LocalVolumeType.Only]);

    public async Task<string> AttachAsync(string key, int? userId, CancellationToken cancellationToken)
    {
        var folder = FolderOf(key);
        if (!Directory.Exists(folder) || RecordFile.Read<VolumeRecord>(RecordOf(key)) is not { } record)
        {
            throw new CloudException($"There is no volume {key}.", isTransient: false);
        }

        if (userId is { } owner && record.OwnerId != owner)
        {
            await VolumeOwner.GiveAsync(folder, owner, cancellationToken);
            RecordFile.Write(RecordOf(key), record with { OwnerId = owner });
        }

        return folder;
    }

    public Task DetachAsync(string key, CancellationToken cancellationToken) => Task.CompletedTask;

    private static Volume Describe(string key, int sizeGb) => new(key, key, sizeGb, VolumeState.Ready, Detail: null);

    private string RecordOf(string key) => Path.Combine(paths.Volume(key), "volume.json");

    private string FolderOf(string key) =>
        isRoot ? Path.Combine(paths.SharedVolumes, Path.GetFileName(paths.Volume(key))) : Path.Combine(paths.Volume(key), "mnt");
}
