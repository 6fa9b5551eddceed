using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local.Volumes;

/// <summary>Without root: a volume is a folder, of no size.</summary>
internal sealed class FolderVolumes(PlanePaths paths) : IServerVolumes
{
    public IReadOnlyList<string> NotEnforced { get; } = ["volume size: the volume is a folder of the host's disk"];

    public Task<Volume> EnsureVolumeAsync(VolumeSpec spec, CancellationToken cancellationToken)
    {
        Folders.MakePrivate(FolderOf(spec.Key));
        var size = Math.Max(spec.SizeGb, RecordFile.Read<VolumeRecord>(RecordOf(spec.Key))?.SizeGb ?? 0);
        RecordFile.Write(RecordOf(spec.Key), new VolumeRecord(size, OwnerId: null));
        return Task.FromResult(Describe(spec.Key, size));
    }

    public Task<Volume?> FindVolumeAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult(RecordFile.Read<VolumeRecord>(RecordOf(key)) is { } record ? Describe(key, record.SizeGb) : null);

    public Task<bool> DeleteVolumeAsync(string key, CancellationToken cancellationToken)
    {
        Folders.Remove(paths.Volume(key));
        return Task.FromResult(true);
    }

    public Task<IReadOnlyList<string>> ListVolumesAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Folders.NamesIn(paths.Volumes));

    public Task<IReadOnlyList<VolumeType>> ListVolumeTypesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<VolumeType>>([]);

    public Task<string> AttachAsync(string key, int? userId, CancellationToken cancellationToken) =>
        Directory.Exists(FolderOf(key))
            ? Task.FromResult(FolderOf(key))
            : throw new CloudException($"There is no volume {key}.", isTransient: false);

    public Task DetachAsync(string key, CancellationToken cancellationToken) => Task.CompletedTask;

    private static Volume Describe(string key, int sizeGb) => new(key, key, sizeGb, VolumeState.Ready, Detail: null);

    private string RecordOf(string key) => Path.Combine(paths.Volume(key), "volume.json");

    private string FolderOf(string key) => Path.Combine(paths.Volume(key), "mnt");
}
