using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Machine;

/// <summary>The volume that the database's data is on.</summary>
internal interface IDataVolume
{
    /// <summary>Makes sure that it is at its path.</summary>
    Task EnsureMountedAsync(CancellationToken cancellationToken);

    /// <summary>Makes sure that its file system fills it.</summary>
    Task<VolumeSize> GrowAsync(long atLeastBytes, CancellationToken cancellationToken);
}
