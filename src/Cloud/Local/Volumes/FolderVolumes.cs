using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local.Volumes;

/// <summary>Without root: a volume is a folder, of no size.</summary>
internal sealed class FolderVolumes(PlanePaths paths) : IServerVolumes
{
    public IReadOnlyList<string> NotEnforced { get; } = ["volume size: the volume is a folder of the host's disk"];

    public Task EnsureVolumeAsync(string key, int sizeGb, CancellationToken cancellationToken)
    {
        Folders.MakePrivate(FolderOf(key));
        return Task.CompletedTask;
    }

    public Task DeleteVolumeAsync(string key, CancellationToken cancellationToken)
    {
        Folders.Remove(paths.Volume(key));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ListVolumesAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Folders.NamesIn(paths.Volumes));

    public Task<string> AttachAsync(string key, int? userId, CancellationToken cancellationToken) =>
        Directory.Exists(FolderOf(key))
            ? Task.FromResult(FolderOf(key))
            : throw new CloudException($"There is no volume {key}.", isTransient: false);

    public Task DetachAsync(string key, CancellationToken cancellationToken) => Task.CompletedTask;

    private string FolderOf(string key) => Path.Combine(paths.Volume(key), "mnt");
}
