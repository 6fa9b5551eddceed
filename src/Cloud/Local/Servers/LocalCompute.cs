using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Local.Networks;
using Dbaas.Cloud.Local.Processes;
using Dbaas.Cloud.Local.Volumes;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local.Servers;

/// <summary>Servers as process trees of this machine.</summary>
internal sealed class LocalCompute(
    LocalPlaneOptions options,
    PlanePaths paths,
    IServerNetwork network,
    LocalNetworks ports,
    IServerVolumes volumes,
    MemoryCgroup? memory,
    bool isolated,
    TimeProvider time) : ICompute
{
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly KeyedLock _locks = new();
    private readonly string _program = RealPath.Of(options.AgentProgram);
    private readonly AgentProcess _agent = new(paths, RealPath.Of(options.AgentProgram), network, memory);

    private IReadOnlyList<string> NotEnforced =>
    [
        .. volumes.NotEnforced,
        .. memory is null ? new[] { "memory: this machine gives the service no memory control group" } : [],
        "processors: servers share the host's",
        .. network.NotEnforced,
    ];

    public async Task<Server> EnsureServerAsync(ServerSpec spec, CancellationToken cancellationToken)
    {
        var folder = FolderOf(spec.Key);
        using var held = await _locks.TakeAsync(spec.Key, cancellationToken);
        if (folder.Read() is { Deleting: true } && !await RemoveAsync(spec.Key, cancellationToken))
        {
            throw new CloudException($"Server {spec.Key} is still being deleted.", isTransient: true);
        }

        var record = RecordOf(spec);
        Folders.MakePrivate(paths.Root);
        Folders.MakePrivate(folder.Path);
        folder.Write(record);
        await StartAsync(folder, record, cancellationToken);
        return Describe(folder, record);
    }

    public Task<Server?> FindServerAsync(string key, CancellationToken cancellationToken)
    {
        var folder = FolderOf(key);
        return Task.FromResult(folder.Read() is { } record ? Describe(folder, record) : null);
    }

    public async Task<bool> DeleteServerAsync(string key, CancellationToken cancellationToken)
    {
        var folder = FolderOf(key);
        using var held = await _locks.TakeAsync(key, cancellationToken);
        if (folder.Read() is { Deleting: false } record)
        {
            folder.Write(record with { Deleting = true });
        }

        return await RemoveAsync(key, cancellationToken);
    }

    public Task<IReadOnlyList<string>> ListServersAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Folders.NamesIn(paths.Servers));

    public Task<IReadOnlyList<CloudFlavor>> ListFlavorsAsync(CancellationToken cancellationToken) => Task.FromResult(options.Flavors);

    public Task<IReadOnlyList<string>> ListZonesAsync(CancellationToken cancellationToken) => Task.FromResult(options.Zones);

    /// <summary>Keys of the servers that are to run and whose agent does not.</summary>
    public IReadOnlyList<string> WithDeadAgent() =>
        [.. Folders.NamesIn(paths.Servers).Where(key => FolderOf(key) is var folder && folder.Read() is { Deleting: false } && AgentProcess.Find(folder) is null)];

    /// <summary>Starts a server again from its record; after a restart of the machine, with all that it needs.</summary>
    public async Task ReviveAsync(string key, CancellationToken cancellationToken)
    {
        var folder = FolderOf(key);
        using var held = await _locks.TakeAsync(key, cancellationToken);
        if (folder.Read() is { Deleting: false } record)
        {
            await StartAsync(folder, record, cancellationToken);
        }
    }

    private async Task StartAsync(ServerFolder folder, ServerRecord record, CancellationToken cancellationToken)
    {
        if (!File.Exists(_program))
        {
            throw new CloudException($"The agent's program {_program} does not exist.", isTransient: false);
        }

        Folders.MakePrivate(folder.State);
        await network.EnsureAsync(cancellationToken);
        await network.EnsureServerAsync(record.Key, IPAddress.Parse(record.Address), cancellationToken);
        var volume = await volumes.AttachAsync(record.VolumeKey, record.UserId, cancellationToken);
        memory?.Ensure(record.Key, record.MemoryMb);
        if (record.Image is not null)
        {
            await ServerRoot.EnsureAsync(folder, record.Image, Path.GetDirectoryName(_program)!, volume, cancellationToken);
        }

        await _agent.EnsureAsync(folder, record, volume, cancellationToken);
    }

    /// <summary>Works from any half state, and without a record: what is on the host is found by name.</summary>
    private async Task<bool> RemoveAsync(string key, CancellationToken cancellationToken)
    {
        var folder = FolderOf(key);
        var record = folder.Read();
        if (!await KillAsync(key, cancellationToken))
        {
            return false;
        }

        await Mounts.UnmountTreeAsync(folder.Path, time, cancellationToken);
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
    private async Task<bool> KillAsync(string key, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var found = new HashSet<int>(await network.ProcessesAsync(key, cancellationToken));
            found.UnionWith(memory?.Processes(key) ?? []);
            if (AgentProcess.Find(FolderOf(key)) is { } agent)
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

    private ServerRecord RecordOf(ServerSpec spec)
    {
        var flavor = options.Flavors.FirstOrDefault(f => f.Id == spec.FlavorId)
            ?? throw new CloudException($"There is no flavor {spec.FlavorId}.", isTransient: false);
        var address = ports.Find(spec.PortKey) ?? throw new CloudException($"There is no port {spec.PortKey}.", isTransient: false);
        return new ServerRecord
        {
            Key = spec.Key,
            VolumeKey = spec.VolumeKey,
            Address = address.ToString(),
            MemoryMb = flavor.MemoryMb,
            Cpus = flavor.Vcpus,
            UserId = isolated ? options.UserIdBase + LowBits(address) : null,
            Image = ImageOf(spec.Image),
            Bootstrap = (JsonObject)spec.Bootstrap.DeepClone(),
        };
    }

    private string? ImageOf(string name)
    {
        if (name.Length == 0)
        {
            return null;
        }

        if (!isolated)
        {
            throw new CloudException("A server with an image needs a service that runs as root.", isTransient: false);
        }

        return options.Images.TryGetValue(name, out var folder)
            ? RealPath.Of(folder)
            : throw new CloudException($"There is no image {name}.", isTransient: false);
    }

    /// <summary>Subnets of the services of a machine differ, so these do.</summary>
    private static int LowBits(IPAddress address) => address.GetAddressBytes() is [_, var b, var c, var d] ? (b << 16) | (c << 8) | d : 0;

    private Server Describe(ServerFolder folder, ServerRecord record)
    {
        var (state, detail) = record.Deleting ? (CloudServerState.Stopped, "It is being deleted.")
            : AgentProcess.Find(folder) is not null ? (CloudServerState.Active, null)
            : (CloudServerState.Stopped, (string?)"Its agent does not run; it is started again.");
        return new Server(record.Key, paths.Namespace(record.Key), state, detail, NotEnforced);
    }

    private ServerFolder FolderOf(string key) => new(paths.Server(key));
}
