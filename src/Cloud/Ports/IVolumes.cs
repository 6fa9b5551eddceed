namespace Dbaas.Cloud.Ports;

/// <summary>Data volumes. Keys are ours; every call may be repeated.</summary>
public interface IVolumes
{
    /// <summary>
    /// Makes sure that the volume exists with at least this size: one that is smaller is extended, also while its server runs. What is on
    /// it is never touched, and it never shrinks; the file system on it is the guest's to grow.
    /// </summary>
    Task<Volume> EnsureVolumeAsync(VolumeSpec spec, CancellationToken cancellationToken);

    /// <summary>The volume as it is, or null when there is none.</summary>
    Task<Volume?> FindVolumeAsync(string key, CancellationToken cancellationToken);

    /// <summary>Makes sure that the volume is gone. Its server is gone already.</summary>
    /// <returns>False while it is still going: call again.</returns>
    Task<bool> DeleteVolumeAsync(string key, CancellationToken cancellationToken);

    /// <summary>Keys of all volumes that carry our deployment's mark. Absence from it proves nothing.</summary>
    Task<IReadOnlyList<string>> ListVolumesAsync(CancellationToken cancellationToken);

    /// <summary>The kinds of volume that this plane offers; empty: there is only one.</summary>
    Task<IReadOnlyList<VolumeType>> ListVolumeTypesAsync(CancellationToken cancellationToken);
}

/// <summary>A volume to make.</summary>
public sealed record VolumeSpec
{
    /// <summary>Ours: the instance's id.</summary>
    public required string Key { get; init; }

    /// <summary>Size in GB.</summary>
    public required int SizeGb { get; init; }

    /// <summary>One of <see cref="IVolumes.ListVolumeTypesAsync"/>, by name or id; null: the plane's default.</summary>
    public string? Type { get; init; }

    /// <summary>The zone of its server; null: any.</summary>
    public string? Zone { get; init; }
}

/// <summary>A volume as a plane sees it.</summary>
/// <param name="Key">Ours.</param>
/// <param name="Id">The plane's; the guest finds it by this.</param>
/// <param name="SizeGb">Its size.</param>
/// <param name="State">How it stands.</param>
/// <param name="Detail">Why, when it is in error.</param>
public sealed record Volume(string Key, string Id, int SizeGb, VolumeState State, string? Detail);

/// <summary>How a volume stands.</summary>
public enum VolumeState
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>On its way: being made or extended.</summary>
    Building,

    /// <summary>Can be used, or is in use.</summary>
    Ready,

    /// <summary>It is to be extended, which this plane cannot do while its server runs: stop the server, and call again.</summary>
    NeedsServerStopped,

    /// <summary>Failed.</summary>
    Error,
}

/// <summary>A kind of volume.</summary>
/// <param name="Id">The plane's.</param>
/// <param name="Name">For people, and as users ask for it.</param>
/// <param name="Description">More; or null.</param>
public sealed record VolumeType(string Id, string Name, string? Description);
