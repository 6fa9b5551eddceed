using System.Net;
using Dbaas.Cloud.Ports;
using Dbaas.Domain.Instances;
using Dbaas.Simulation.Guests;

namespace Dbaas.Simulation.Cloud;

/// <summary>
/// Servers, volumes and ports in memory. A server gets a simulated guest when it is launched, which finds the database that is on the
/// volume.
/// </summary>
public sealed class SimulatedCloud(
    VirtualClock clock, Func<ServerSpec, SimulatedDatabase, SimulatedGuest> makeGuest, Action<TimeSpan, Action> later)
    : ICompute, IVolumes, INetworks
{
    /// <summary>Servers that died, or were switched off, run again, but for those whose place was taken.</summary>
    public void Revive()
    {
        foreach (var (_, server) in servers.Where(one => !one.Value.Guest.IsAlive && !IsReplaced(one.Key)))
        {
            server.Stopped = server.IsFenced = false;
            server.Guest.Restart();
        }
    }

    private bool IsReplaced(string key) => servers.Values.Any(
        other => other.Guest.Database is { IsReadOnly: false, Follows: null } there && there.TookThePlaceOf == key);

    private bool Start(string key)
    {
        var server = Existing(key);
        if (server.IsFenced)
        {
            if (IsReplaced(key))
            {
                Violations.Add($"{key} was started beside the one that took its place");
            }

            server.IsFenced = false;
            server.Guest.Restart();
        }

        server.Stopped = false;
        return true;
    }

    private static readonly TimeSpan RebootTakes = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LaunchTakes = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DeletionTakes = TimeSpan.FromSeconds(2);
    private readonly SortedDictionary<string, SimulatedServer> servers = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> volumes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SimulatedDatabase> databases = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, IPAddress> ports = new(StringComparer.Ordinal);
    private readonly SortedSet<string> detached = new(StringComparer.Ordinal);
    private readonly Lock alone = new();
    private int lastAddress = 1;

    /// <summary>What goes wrong.</summary>
    public CloudFaults Faults { get; } = new(clock);

    /// <summary>A volume is extended only while its server does not run, and has to be given back to it.</summary>
    public bool GrowsStoppedOnly { get; set; }

    /// <summary>However long the server is stopped, the volume is not extended.</summary>
    public bool NeverGrows { get; set; }

    /// <summary>Calls that must never be made, for example the deletion of a volume whose server runs.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>Keys of all that is there, with its kind.</summary>
    public IEnumerable<(string Kind, string Key)> Everything =>
        servers.Keys.Select(key => ("server", key))
            .Concat(volumes.Keys.Select(key => ("volume", key)))
            .Concat(ports.Keys.Select(key => ("port", key)));

    /// <summary>The server and the volume of an instance, in words.</summary>
    public string Describe(string key) => (servers.GetValueOrDefault(key), VolumeOf(key)) switch
    {
        ({ } server, { } volume) => $"{server.State(clock)} with flavor {server.FlavorId}, volume of {volume.SizeGb} GB",
        _ => "nothing whole",
    };

    /// <summary>The server runs for good in the row's size, and the volume has it.</summary>
    public bool HasSizesOf(Instance row) =>
        servers.GetValueOrDefault(row.Id) is { } server && server.State(clock) == CloudServerState.Active && server.FlavorId == row.FlavorId
        && VolumeOf(row.Id)?.SizeGb == row.VolumeSize;

    /// <summary>Guests of servers that run.</summary>
    public IReadOnlyList<SimulatedGuest> Guests
    {
        get
        {
            lock (alone)
            {
                return
                [
                    .. servers.Values
                        .Where(server => server.State(clock) is CloudServerState.Active or CloudServerState.AwaitsConfirmation)
                        .Select(server => server.Guest),
                ];
            }
        }
    }

    // The answer is there long before the machine goes down. While one is under way another is the same.
    private bool BeginReboot(SimulatedServer server)
    {
        if (server.IsRebooting)
        {
            return false;
        }

        server.IsRebooting = true;
        later(RebootTakes, () =>
        {
            server.IsRebooting = false;
            if (servers.ContainsValue(server) && server.Guest.Reboot() && server.Guest.Database.IsRunning)
            {
                Violations.Add($"the machine of {server.Guest.InstanceId} went down while its database ran");
            }
        });
        return server.Stopped = false;
    }

    /// <summary>Somebody removes a server and tells nobody.</summary>
    public void Vanish(string key)
    {
        servers[key].Guest.Die();
        servers.Remove(key);
    }

    /// <summary>The host of a server is dead, and the cloud knows it.</summary>
    public void KillHostOf(string key)
    {
        servers[key].Guest.Die();
        servers[key].HostIsDead = true;
    }

    /// <inheritdoc />
    public Task<Server> EnsureServerAsync(ServerSpec spec, CancellationToken cancellationToken) => CallAsync(
        "ensure server",
        () => (servers.GetValueOrDefault(spec.Key) ?? Launch(spec)).ToServer(spec.Key, clock),
        cancellationToken);

    /// <inheritdoc />
    public Task<Server?> FindServerAsync(string key, CancellationToken cancellationToken) =>
        CallAsync("find server", () => servers.GetValueOrDefault(key)?.ToServer(key, clock), cancellationToken);

    /// <inheritdoc />
    public Task<bool> DeleteServerAsync(string key, CancellationToken cancellationToken) => CallAsync(
        "delete server",
        () =>
        {
            if (!servers.TryGetValue(key, out var server))
            {
                return true;
            }

            server.GoneAt ??= clock.Steady + DeletionTakes;
            return server.GoneAt <= clock.Steady && servers.Remove(key);
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<bool> StopServerAsync(string key, CancellationToken cancellationToken) =>
        CallAsync("stop server", () => Existing(key).Stopped = true, cancellationToken);

    /// <inheritdoc />
    public Task<bool> StartServerAsync(string key, CancellationToken cancellationToken) => CallAsync(
        "start server",
        () =>
        {
            if (detached.Contains(key))
            {
                Violations.Add($"the server of {key} was started without its volume");
            }

            return Start(key);
        },
        cancellationToken);

    /// <inheritdoc />
    public Task RebootServerAsync(string key, RebootKind kind, CancellationToken cancellationToken) =>
        CallAsync("reboot server", () => BeginReboot(Existing(key)), cancellationToken);

    /// <inheritdoc />
    public Task<Server> ResizeServerAsync(string key, string flavorId, CancellationToken cancellationToken) => CallAsync(
        "resize server",
        () =>
        {
            var server = Existing(key);
            if (server.FlavorId != flavorId && Faults.NoRoomFor != flavorId)
            {
                (server.OldFlavorId, server.FlavorId) = (server.FlavorId, flavorId);
            }

            return server.ToServer(key, clock);
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<Server> MigrateServerAsync(string key, string move, string? host, CancellationToken cancellationToken) =>
        CallAsync(
            "migrate server",
            () =>
            {
                // The simulated cloud has one host: a move keeps the flavor, and waits to be confirmed.
                var server = Existing(key);
                server.OldFlavorId ??= server.FlavorId;
                return server.ToServer(key, clock);
            },
            cancellationToken);

    /// <inheritdoc />
    public Task<Server> EvacuateServerAsync(string key, string evacuation, string? host, CancellationToken cancellationToken) => CallAsync(
        "evacuate server",
        () =>
        {
            var server = Existing(key);
            if (server.Evacuation != evacuation)
            {
                if (!server.HostIsDead)
                {
                    throw new CloudException("The host of this server is alive.", isTransient: false);
                }

                // Its root disk was the host's: nobody of ours is in it until it is rebuilt.
                servers.Remove(key);
                server = Launch(server.Spec);
                (server.Evacuation, server.Stopped) = (evacuation, true);
            }

            return server.ToServer(key, clock);
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<bool> ConfirmResizeAsync(string key, CancellationToken cancellationToken) =>
        CallAsync("confirm resize", () => (Existing(key).OldFlavorId = null) is null, cancellationToken);

    /// <inheritdoc />
    public Task<bool> RevertResizeAsync(string key, CancellationToken cancellationToken) => CallAsync(
        "revert resize",
        () =>
        {
            var server = Existing(key);
            (server.FlavorId, server.OldFlavorId) = (server.OldFlavorId ?? server.FlavorId, null);
            return true;
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<Server> RebuildServerAsync(ServerSpec spec, CancellationToken cancellationToken) => CallAsync(
        "rebuild server",
        () =>
        {
            if (servers.TryGetValue(spec.Key, out var server) && server.Build < spec.Build)
            {
                server.Guest.Die();
                servers.Remove(spec.Key);
            }

            server = servers.GetValueOrDefault(spec.Key) ?? Launch(spec);
            server.Stopped = false;
            return server.ToServer(spec.Key, clock);
        },
        cancellationToken);

    /// <inheritdoc />
    public Task FenceAsync(string key, CancellationToken cancellationToken) => CallAsync(
        "fence server",
        () =>
        {
            if (servers.TryGetValue(key, out var server))
            {
                server.Stopped = server.IsFenced = true;
                server.Guest.Die();
            }

            return true;
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<string?> ConsoleTailAsync(string key, int lines, CancellationToken cancellationToken) =>
        CallAsync<string?>("console tail", () => servers.ContainsKey(key) ? $"login of {key}:" : null, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListServersAsync(CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<string>>("list servers", () => Faults.HideFromLists ? [] : [.. servers.Keys], cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<CloudFlavor>> ListFlavorsAsync(CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<CloudFlavor>>(
            "list flavors", () => [new CloudFlavor("1", "small", 512, 1, 0), new CloudFlavor("2", "large", 1024, 1, 0)], cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListZonesAsync(CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<string>>("list zones", () => ["here"], cancellationToken);

    /// <inheritdoc />
    public Task<Volume> EnsureVolumeAsync(VolumeSpec spec, CancellationToken cancellationToken) => CallAsync(
        "ensure volume",
        () =>
        {
            var before = volumes.GetValueOrDefault(spec.Key);
            var isToGrow = GrowsStoppedOnly && before > 0 && before < spec.SizeGb && servers.ContainsKey(spec.Key);
            if (isToGrow && (NeverGrows || !servers[spec.Key].Stopped))
            {
                return VolumeOf(spec.Key)! with { State = VolumeState.NeedsServerStopped };
            }

            // Taken from the server to grow, and given back by the next call.
            detached.Remove(spec.Key);
            volumes[spec.Key] = Math.Max(spec.SizeGb, before);
            return VolumeOf(spec.Key)! with { State = isToGrow && detached.Add(spec.Key) ? VolumeState.Building : VolumeState.Ready };
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<Volume?> FindVolumeAsync(string key, CancellationToken cancellationToken) =>
        CallAsync("find volume", () => VolumeOf(key), cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<VolumeType>> ListVolumeTypesAsync(CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<VolumeType>>("list volume types", () => [], cancellationToken);

    /// <inheritdoc />
    public Task<bool> DeleteVolumeAsync(string key, CancellationToken cancellationToken) => CallAsync(
        "delete volume",
        () =>
        {
            ForbidServer(key, "volume");
            volumes.Remove(key);
            databases.Remove(key);
            return true;
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListVolumesAsync(CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<string>>("list volumes", () => [.. volumes.Keys], cancellationToken);

    /// <inheritdoc />
    public Task<Port> EnsurePortAsync(PortSpec spec, CancellationToken cancellationToken) => CallAsync(
        "ensure port",
        () =>
        {
            if (!ports.ContainsKey(spec.Key))
            {
                ports.Add(
                    spec.Key, spec.RequestedAddress ?? new IPAddress([10, 0, (byte)(++lastAddress / 250), (byte)(lastAddress % 250)]));
            }

            return PortOf(spec.Key);
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<Port> EnsureAccessAsync(string key, PortAccess access, CancellationToken cancellationToken) =>
        CallAsync("ensure access", () => PortOf(key), cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListPortsAsync(CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<string>>("list ports", () => [.. ports.Keys], cancellationToken);

    /// <inheritdoc />
    public Task DeletePortAsync(string key, CancellationToken cancellationToken) => CallAsync(
        "delete port",
        () =>
        {
            ForbidServer(key, "port");
            return ports.Remove(key);
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<IPAddress> EnsureHostAddressAsync(CancellationToken cancellationToken) => Task.FromResult(IPAddress.Loopback);

    public Task EnsureGatewayAccessAsync(int port, CancellationToken cancellationToken) => Task.CompletedTask;

    internal void CopyTo(SimulatedCloud other, Func<SimulatedGuest, SimulatedDatabase, SimulatedGuest> copyGuest)
    {
        foreach (var (key, database) in databases)
        {
            other.databases.Add(key, database.Copy());
        }

        foreach (var (key, server) in servers)
        {
            other.servers.Add(key, server.Copy(copyGuest(server.Guest, other.databases[key])));
        }

        foreach (var (key, size) in volumes)
        {
            other.volumes.Add(key, size);
        }

        foreach (var (key, address) in ports)
        {
            other.ports.Add(key, address);
        }

        other.detached.UnionWith(detached);
        other.lastAddress = lastAddress;
        other.GrowsStoppedOnly = GrowsStoppedOnly;
    }

    private SimulatedServer Launch(ServerSpec spec)
    {
        if (!volumes.ContainsKey(spec.VolumeKey) || !ports.ContainsKey(spec.PortKey))
        {
            throw new CloudException("The server's volume or port does not exist.", isTransient: false);
        }

        var database = databases.GetValueOrDefault(spec.VolumeKey) ?? new SimulatedDatabase(spec.Key);
        databases[spec.VolumeKey] = database;
        database.PowerOff();
        var fails = Faults.Unlaunchable.Contains(spec.Name);
        var server = new SimulatedServer(spec, makeGuest(spec, database), clock.Steady + LaunchTakes, fails)
        {
            FlavorId = spec.FlavorId, Build = spec.Build,
        };
        servers.Add(spec.Key, server);
        return server;
    }

    private SimulatedServer Existing(string key) =>
        servers.GetValueOrDefault(key) ?? throw new CloudException($"There is no server {key}.", isTransient: false);

    private Volume? VolumeOf(string key) =>
        volumes.TryGetValue(key, out var size) ? new Volume(key, "volume-" + key, size, VolumeState.Ready, Detail: null) : null;

    private Port PortOf(string key) => new(ports[key], [new PortAddress(ports[key], "private", NetworkId: null)]);

    private void ForbidServer(string key, string what)
    {
        if (servers.ContainsKey(key))
        {
            Violations.Add($"the {what} of {key} was deleted while its server was there");
        }
    }

    // A call is answered later than it was made, as a real one is; a caller whose time is over makes none.
    private async Task<T> CallAsync<T>(string call, Func<T> act, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        lock (alone)
        {
            return Faults.Call(call, act);
        }
    }
}
