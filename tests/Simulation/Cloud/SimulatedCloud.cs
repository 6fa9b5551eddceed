using System.Net;
using Dbaas.Cloud.Ports;
using Dbaas.Simulation.Guests;

namespace Dbaas.Simulation.Cloud;

/// <summary>Servers, volumes and ports in memory. A server gets a simulated guest when it is launched.</summary>
public sealed class SimulatedCloud(VirtualClock clock, Func<ServerSpec, SimulatedGuest> makeGuest) : ICompute, IVolumes, INetworks
{
    private static readonly TimeSpan LaunchTakes = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DeletionTakes = TimeSpan.FromSeconds(2);
    private readonly SortedDictionary<string, SimulatedServer> servers = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> volumes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, IPAddress> ports = new(StringComparer.Ordinal);
    private int lastAddress = 1;

    /// <summary>What goes wrong.</summary>
    public CloudFaults Faults { get; } = new(clock);

    /// <summary>Calls that must never be made, for example the deletion of a volume whose server runs.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>Keys of all that is there, with its kind.</summary>
    public IEnumerable<(string Kind, string Key)> Everything =>
        servers.Keys.Select(key => ("server", key))
            .Concat(volumes.Keys.Select(key => ("volume", key)))
            .Concat(ports.Keys.Select(key => ("port", key)));

    /// <summary>Guests of servers that run.</summary>
    public IEnumerable<SimulatedGuest> Guests =>
        servers.Values.Where(server => server.State(clock) == CloudServerState.Active).Select(server => server.Guest);

    /// <inheritdoc />
    public Task<Server> EnsureServerAsync(ServerSpec spec, CancellationToken cancellationToken) => CallAsync(
        "ensure server",
        () =>
        {
            if (!servers.TryGetValue(spec.Key, out var server))
            {
                if (!volumes.ContainsKey(spec.VolumeKey) || !ports.ContainsKey(spec.PortKey))
                {
                    throw new CloudException("The server's volume or port does not exist.", isTransient: false);
                }

                server = new SimulatedServer(makeGuest(spec), clock.GetUtcNow() + LaunchTakes, Faults.Unlaunchable.Contains(spec.Name));
                servers.Add(spec.Key, server);
            }

            return server.ToServer(spec.Key, clock);
        },
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

            server.GoneAt ??= clock.GetUtcNow() + DeletionTakes;
            return server.GoneAt <= clock.GetUtcNow() && servers.Remove(key);
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListServersAsync(CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<string>>("list servers", () => [.. servers.Keys], cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<CloudFlavor>> ListFlavorsAsync(CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<CloudFlavor>>("list flavors", () => [new CloudFlavor("1", "small", 512, 1, 0)], cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListZonesAsync(CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<string>>("list zones", () => ["here"], cancellationToken);

    /// <inheritdoc />
    public Task EnsureVolumeAsync(string key, int sizeGb, CancellationToken cancellationToken) => CallAsync(
        "ensure volume", () => volumes[key] = Math.Max(sizeGb, volumes.GetValueOrDefault(key)), cancellationToken);

    /// <inheritdoc />
    public Task DeleteVolumeAsync(string key, CancellationToken cancellationToken) => CallAsync(
        "delete volume",
        () =>
        {
            ForbidServer(key, "volume");
            return volumes.Remove(key);
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListVolumesAsync(CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<string>>("list volumes", () => [.. volumes.Keys], cancellationToken);

    /// <inheritdoc />
    public Task<IPAddress> EnsurePortAsync(string key, IPAddress? requestedAddress, CancellationToken cancellationToken) => CallAsync(
        "ensure port",
        () =>
        {
            if (!ports.TryGetValue(key, out var address))
            {
                address = requestedAddress ?? new IPAddress([10, 0, (byte)(++lastAddress / 250), (byte)(lastAddress % 250)]);
                ports.Add(key, address);
            }

            return address;
        },
        cancellationToken);

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

    internal void CopyTo(SimulatedCloud other, Func<SimulatedGuest, SimulatedGuest> copyGuest)
    {
        foreach (var (key, server) in servers)
        {
            other.servers.Add(key, server.Copy(copyGuest(server.Guest)));
        }

        foreach (var (key, size) in volumes)
        {
            other.volumes.Add(key, size);
        }

        foreach (var (key, address) in ports)
        {
            other.ports.Add(key, address);
        }

        other.lastAddress = lastAddress;
    }

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
        return Faults.Call(call, act);
    }
}
