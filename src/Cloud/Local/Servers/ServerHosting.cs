using System.Net;
using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Local.Networks;
using Dbaas.Cloud.Local.Processes;
using Dbaas.Cloud.Local.Volumes;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local.Servers;

/// <summary>What is done on this machine for a server: its processes, its network, its mounts, its memory limit.</summary>
internal sealed class ServerHosting(
    LocalPlaneOptions options,
    PlanePaths paths,
    IServerNetwork network,
    LocalNetworks ports,
    IServerVolumes volumes,
    MemoryCgroup? memory,
    TimeProvider time)
{
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly string _program = RealPath.Of(options.AgentProgram);
    private readonly AgentProcess _agent = new(paths, RealPath.Of(options.AgentProgram), network, memory);

    /// <summary>Makes sure that it runs, with all that it needs.</summary>
    public async Task StartAsync(ServerFolder folder, ServerRecord record, CancellationToken cancellationToken)
    {
        if (!File.Exists(_program))
        {
            throw new CloudException($"The agent's program {_program} does not exist.", isTransient: false);
        }

        Folders.MakePrivate(folder.State);
        await network.EnsureAsync(cancellationToken);
        await network.EnsureServerAsync(record.Key, IPAddress.Parse(record.Address), cancellationToken);
        if (ports.Record(record.PortKey)?.Access is { } access)
        {
            await network.EnsureAccessAsync(record.Key, access, cancellationToken);
        }

        var volume = await volumes.AttachAsync(record.VolumeKey, record.UserId, cancellationToken);
        memory?.Ensure(record.Key, record.MemoryMb);
        if (record.Image is not null)
        {
            await ServerRoot.EnsureAsync(folder, record.Image, Path.GetDirectoryName(_program)!, volume, cancellationToken);
        }

        await _agent.EnsureAsync(folder, record, volume, cancellationToken);
    }

    /// <summary>
    /// Ends every process of it, and takes its root away: a volume that is still bound there could neither be resized nor given back.
    /// </summary>
    /// <returns>False while processes do not end.</returns>
    public async Task<bool> StopAsync(string key, CancellationToken cancellationToken)
    {
        if (!await KillAsync(key, cancellationToken))
        {
            return false;
        }

        await Mounts.UnmountTreeAsync(paths.Server(key), time, cancellationToken);
        return true;
    }

    /// <summary>Works from any half state, and without a record: what is on the host is found by name.</summary>
    public async Task<bool> RemoveAsync(string key, CancellationToken cancellationToken)
    {
        var folder = new ServerFolder(paths.Server(key));
        var record = folder.ReadIfWhole();
        if (!await StopAsync(key, cancellationToken))
        {
            return false;
        }

        await network.RemoveServerAsync(key, record is null ? null : IPAddress.Parse(record.Address), cancellationToken);
        if (memory is not null)
        {
            await memory.RemoveAsync(key, cancellationToken);
        }

        if (record is not null)
        {
            await volumes.DetachAsync(record.VolumeKey, cancellationToken);
        }

        Folders.Remove(folder.Path);
        return true;
    }

    /// <summary>Kills until nobody is left: what is killed may have started something just before.</summary>
    public async Task<bool> KillAsync(string key, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var found = new HashSet<int>(await network.ProcessesAsync(key, cancellationToken));
            found.UnionWith(memory?.Processes(key) ?? []);
            if (AgentProcess.Find(new ServerFolder(paths.Server(key))) is { } agent)
            {
                found.Add(agent);
            }

            found.RemoveWhere(pid => !ProcessTable.IsAlive(pid));
            if (found.Count == 0)
            {
                return true;
            }

            if (time.GetElapsedTime(start) > KillPatience)
            {
                return false;
            }

            foreach (var pid in found)
            {
                ProcessTable.Kill(pid);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
