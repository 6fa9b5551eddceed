using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Cloud.Hosts;
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
    TimeProvider time) : ICompute
{
    private readonly SharedLocks _locks = new(paths.ServerLocks, time);
    private readonly ServerHosting _hosting = new(options, paths, network, ports, volumes, memory, time);

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
        if (folder.Read() is { Deleting: true } && !await _hosting.RemoveAsync(spec.Key, cancellationToken))
        {
            throw new CloudException($"Server {spec.Key} is still being deleted.", isTransient: true);
        }

        return await LaunchAsync(folder, RecordOf(spec), cancellationToken);
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
        if (folder.ReadIfWhole() is { Deleting: false } record)
        {
            folder.Write(record with { Deleting = true });
        }

        return await _hosting.RemoveAsync(key, cancellationToken);
    }

    public async Task<bool> StopServerAsync(string key, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(key, cancellationToken);
        var (folder, record) = Existing(key);
        folder.Write(record with { Stopped = true });
        return await _hosting.StopAsync(key, cancellationToken);
    }

    public async Task<bool> StartServerAsync(string key, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(key, cancellationToken);
        var (folder, record) = Existing(key);
        await LaunchAsync(folder, record with { Stopped = false }, cancellationToken);
        return true;
    }

    /// <summary>There is no operating system of its own to be asked: both kinds end every process and start the agent.</summary>
    public async Task RebootServerAsync(string key, RebootKind kind, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(key, cancellationToken);
        var (folder, record) = Existing(key);
        await KillOrThrowAsync(key, cancellationToken);
        await LaunchAsync(folder, record with { Stopped = false }, cancellationToken);
    }

    public async Task<Server> ResizeServerAsync(string key, string flavorId, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(key, cancellationToken);
        var (folder, record) = Existing(key);
        if (record.FlavorId != flavorId)
        {
            record = Sized(record, flavorId) with { OldFlavorId = record.FlavorId };
        }
        else if (!record.Stopped)
        {
            return await LaunchAsync(folder, record, cancellationToken);
        }

        return await RestartAsAsync(folder, record, cancellationToken);
    }

    public Task<Server> MigrateServerAsync(string key, string move, string? host, CancellationToken cancellationToken) =>
        throw new CloudException("A server of this machine cannot be moved: there is no other host.", isTransient: false);

    public Task<Server> EvacuateServerAsync(string key, string evacuation, string? host, CancellationToken cancellationToken) =>
        throw new CloudException("A server of this machine cannot be evacuated: there is no other host.", isTransient: false);

    public async Task<bool> ConfirmResizeAsync(string key, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(key, cancellationToken);
        var (folder, record) = Existing(key);
        folder.Write(record with { OldFlavorId = null });
        return true;
    }

    public async Task<bool> RevertResizeAsync(string key, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(key, cancellationToken);
        var (folder, record) = Existing(key);
        if (record.OldFlavorId is { } old)
        {
            record = Sized(record, old) with { OldFlavorId = null };
        }
        else if (!record.Stopped)
        {
            return true;
        }

        await RestartAsAsync(folder, record, cancellationToken);
        return true;
    }

    public async Task<Server> RebuildServerAsync(ServerSpec spec, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(spec.Key, cancellationToken);
        var folder = FolderOf(spec.Key);
        if (folder.Read() is { Deleting: false } record && record.Build >= spec.Build)
        {
            return await LaunchAsync(folder, record, cancellationToken);
        }

        // Before anything goes: what cannot be made takes nothing away. The agent's own folder goes with the rest: it is what a root disk
        // is elsewhere.
        var anew = RecordOf(spec);
        if (!await _hosting.RemoveAsync(spec.Key, cancellationToken))
        {
            throw new CloudException($"Processes of server {spec.Key} do not end.", isTransient: true);
        }

        return await LaunchAsync(folder, anew, cancellationToken);
    }

    public async Task FenceAsync(string key, CancellationToken cancellationToken)
    {
        if (FolderOf(key).Read() is not null && !await StopServerAsync(key, cancellationToken))
        {
            throw new CloudException($"Processes of server {key} do not end.", isTransient: true);
        }
    }

    public Task<string?> ConsoleTailAsync(string key, int lines, CancellationToken cancellationToken) =>
        LogFile.TailAsync(FolderOf(key).Log, lines, cancellationToken);

    public Task<IReadOnlyList<string>> ListServersAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Folders.NamesIn(paths.Servers));

    public Task<IReadOnlyList<CloudFlavor>> ListFlavorsAsync(CancellationToken cancellationToken) => Task.FromResult(options.Flavors);

    public Task<IReadOnlyList<string>> ListZonesAsync(CancellationToken cancellationToken) => Task.FromResult(options.Zones);

    /// <summary>Keys of the servers that are to run and whose agent does not.</summary>
    public IReadOnlyList<string> WithDeadAgent() => [.. Folders.NamesIn(paths.Servers).Where(HasDeadAgent)];

    /// <summary>Starts a server again from its record; after a restart of the machine, with all that it needs.</summary>
    /// <returns>False: it runs, or is not to run. (It may have been about to start when it was looked at.)</returns>
    public async Task<bool> ReviveAsync(string key, CancellationToken cancellationToken)
    {
        var folder = FolderOf(key);
        using var held = await _locks.TakeAsync(key, cancellationToken);
        if (folder.Read() is not { Deleting: false, Stopped: false } record || AgentProcess.Find(folder) is not null)
        {
            return false;
        }

        await _hosting.StartAsync(folder, record, cancellationToken);
        return true;
    }

    private bool HasDeadAgent(string key)
    {
        var folder = FolderOf(key);
        try
        {
            return folder.Read() is { Deleting: false, Stopped: false } && AgentProcess.Find(folder) is null;
        }
        catch (CloudException)
        {
            // Its record is damaged: whoever tries to start it says so, and no other server has to wait.
            return AgentProcess.Find(folder) is null;
        }
    }

    private async Task<Server> LaunchAsync(ServerFolder folder, ServerRecord record, CancellationToken cancellationToken)
    {
        Folders.MakePrivate(paths.Root);
        Folders.MakePrivate(folder.Path);
        folder.Write(record);
        await _hosting.StartAsync(folder, record, cancellationToken);
        return Describe(folder, record);
    }

    private async Task<Server> RestartAsAsync(ServerFolder folder, ServerRecord record, CancellationToken cancellationToken)
    {
        // The record first, with the size that is meant, and stopped: whoever goes on after a cut sees that the old processes may be there
        // still.
        folder.Write(record with { Stopped = true });
        await KillOrThrowAsync(record.Key, cancellationToken);
        return await LaunchAsync(folder, record with { Stopped = false }, cancellationToken);
    }

    private async Task KillOrThrowAsync(string key, CancellationToken cancellationToken)
    {
        if (!await _hosting.KillAsync(key, cancellationToken))
        {
            throw new CloudException($"Processes of server {key} do not end.", isTransient: true);
        }
    }

    private (ServerFolder Folder, ServerRecord Record) Existing(string key)
    {
        var folder = FolderOf(key);
        return folder.Read() is { Deleting: false } record
            ? (folder, record)
            : throw new CloudException($"There is no server {key}.", isTransient: false);
    }

    private ServerRecord Sized(ServerRecord record, string flavorId)
    {
        var flavor = FlavorOf(flavorId);
        return record with { FlavorId = flavor.Id, MemoryMb = flavor.MemoryMb, Cpus = flavor.Vcpus };
    }

    private CloudFlavor FlavorOf(string id) =>
        options.Flavors.FirstOrDefault(f => f.Id == id) ?? throw new CloudException($"There is no flavor {id}.", isTransient: false);

    private ServerRecord RecordOf(ServerSpec spec)
    {
        spec.Group?.RefuseOnOneHost();
        var flavor = FlavorOf(spec.FlavorId);
        var address = ports.Find(spec.PortKey) ?? throw new CloudException($"There is no port {spec.PortKey}.", isTransient: false);
        return new ServerRecord
        {
            Key = spec.Key,
            VolumeKey = spec.VolumeKey,
            PortKey = spec.PortKey,
            FlavorId = flavor.Id,
            Build = spec.Build,
            Address = address.ToString(),
            MemoryMb = flavor.MemoryMb,
            Cpus = flavor.Vcpus,
            UserId = Environment.IsPrivilegedProcess ? options.UserIdBase + LowBits(address) : null,
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

        if (options.NotIsolatedBecause is { } why)
        {
            throw new CloudException($"A server with an image needs a service that can keep servers apart: {why}.", isTransient: false);
        }

        return options.Images.TryGetValue(name, out var folder)
            ? RealPath.Of(folder)
            : throw new CloudException($"There is no image {name}.", isTransient: false);
    }

    /// <summary>
    /// Subnets of the services of a machine differ, so these do: also those of namespaces (10.88.…) from those of loopback addresses
    /// (127.88.…).
    /// </summary>
    private static int LowBits(IPAddress address) =>
        address.GetAddressBytes() is [var a, var b, var c, var d]
            ? (IPAddress.IsLoopback(address) ? 1 << 24 : 0) | (b << 16) | (c << 8) | d
            : 0;

    private Server Describe(ServerFolder folder, ServerRecord record)
    {
        var (state, detail) = record switch
        {
            { Deleting: true } => (CloudServerState.Stopped, "It is being deleted."),
            { Stopped: true } => (CloudServerState.Stopped, (string?)null),
            { OldFlavorId: not null } => (CloudServerState.AwaitsConfirmation, null),
            _ when AgentProcess.Find(folder) is null => (CloudServerState.Stopped, "Its agent does not run; it is started again."),
            _ => (CloudServerState.Active, null),
        };
        return new Server
        {
            Key = record.Key,
            Id = paths.Namespace(record.Key),
            State = state,
            FlavorId = record.FlavorId,
            Build = record.Build,
            Host = Environment.MachineName,
            Detail = detail,
            NotEnforced = NotEnforced,
        };
    }

    private ServerFolder FolderOf(string key) => new(paths.Server(key));
}
