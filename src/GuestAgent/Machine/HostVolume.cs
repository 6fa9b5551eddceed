using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Machine;

/// <summary>A volume that the host mounts, and grows.</summary>
internal sealed class HostVolume(string path) : IDataVolume
{
    public Task EnsureMountedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<VolumeSize> GrowAsync(long atLeastBytes, CancellationToken cancellationToken)
    {
        var size = new DriveInfo(path).TotalSize;
        return Task.FromResult(new VolumeSize(size, size));
    }
}
