namespace Dbaas.Cloud.Ports;

/// <summary>Data volumes. Keys are ours; every call may be repeated.</summary>
public interface IVolumes
{
    /// <summary>Makes sure that the volume exists with at least this size. What is on it is never touched.</summary>
    Task EnsureVolumeAsync(string key, int sizeGb, CancellationToken cancellationToken);

    /// <summary>Makes sure that the volume is gone. Its server is gone already.</summary>
    Task DeleteVolumeAsync(string key, CancellationToken cancellationToken);

    /// <summary>Keys of all volumes that carry our deployment's mark.</summary>
    Task<IReadOnlyList<string>> ListVolumesAsync(CancellationToken cancellationToken);
}
