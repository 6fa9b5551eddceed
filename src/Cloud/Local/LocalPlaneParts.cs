using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Local.Networks;
using Dbaas.Cloud.Local.Servers;
using Dbaas.Cloud.Local.Volumes;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local;

/// <summary>The parts of a plane, put together for what this process may do.</summary>
internal sealed class LocalPlaneParts
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly PlanePaths _paths;
    private readonly IServerNetwork _network;
    private readonly MemoryCgroup? _memory;
    private readonly TimeProvider _time;

    public LocalPlaneParts(LocalPlaneOptions options, TimeProvider time)
    {
        var isolated = options.NotIsolatedBecause is null;
        _time = time;
        _paths = new PlanePaths(options.StatePath);
        _network = isolated
            ? new BridgeNetwork(_paths, options.Subnet, time)
            : new LoopbackNetwork(_paths, options.NotIsolatedBecause!, time);
        _memory = isolated ? MemoryCgroup.Find(_paths, time) : null;
        Volumes = isolated ? new LoopVolumes(_paths, time) : new FolderVolumes(_paths, Environment.IsPrivilegedProcess);
        Networks = new LocalNetworks(_paths, _network, time);
        Compute = new LocalCompute(options, _paths, _network, Networks, Volumes, _memory, time);
    }

    public LocalCompute Compute { get; }

    public IServerVolumes Volumes { get; }

    public LocalNetworks Networks { get; }

    /// <summary>Removes all that the plane has on this machine, recorded or not.</summary>
    public async Task RemoveEverythingAsync(CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        var servers = Folders.NamesIn(_paths.Servers).Concat(_network.Keys()).Concat(_memory?.Keys() ?? []);
        foreach (var key in servers.Distinct().ToArray())
        {
            while (!await Compute.DeleteServerAsync(key, cancellationToken))
            {
                if (_time.GetElapsedTime(start) > Patience)
                {
                    throw new CloudException($"Processes of server {key} cannot be killed.", isTransient: true);
                }

                await Task.Delay(Pause, _time, cancellationToken);
            }
        }

        foreach (var key in Folders.NamesIn(_paths.Volumes))
        {
            await Volumes.DeleteVolumeAsync(key, cancellationToken);
        }

        await _network.RemoveAsync(cancellationToken);
        if (_memory is not null)
        {
            await _memory.RemoveParentAsync(cancellationToken);
        }

        await Mounts.UnmountTreeAsync(_paths.Run, _time, cancellationToken);
        Folders.Remove(_paths.Run);
        Folders.Remove(_paths.SharedVolumes);
        Folders.Remove(_paths.Root);
    }
}
