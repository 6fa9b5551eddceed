using System.Net;
using System.Net.NetworkInformation;
using Dbaas.Cloud.Hosts;
using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local.Networks;

/// <summary>Addresses of the plane: a file for each that is taken.</summary>
internal sealed class LocalNetworks(PlanePaths paths, IServerNetwork network, TimeProvider time) : INetworks
{
    public async Task<IPAddress> EnsureHostAddressAsync(CancellationToken cancellationToken) =>
        network.HostAddress(await network.EnsureAsync(cancellationToken));

    public Task EnsureGatewayAccessAsync(int port, CancellationToken cancellationToken) =>
        network.EnsureGatewayAccessAsync(port, cancellationToken);

    /// <summary>There is one network here, under whatever name: some clients have to give one.</summary>
    public async Task<Port> EnsurePortAsync(PortSpec spec, CancellationToken cancellationToken)
    {
        return Describe(await AddressAsync(spec.Key, spec.RequestedAddress, spec.Access, cancellationToken), spec.Access);
    }

    /// <summary>Of a server that is there now, and of every later start.</summary>
    public async Task<Port> EnsureAccessAsync(string key, PortAccess access, CancellationToken cancellationToken)
    {
        var record = Record(key) ?? throw new CloudException($"There is no port {key}.", isTransient: false);
        await network.EnsureAccessAsync(key, access, cancellationToken);
        RecordFile.Write(paths.Port(key), record with { Access = access });
        return Describe(IPAddress.Parse(record.Address), access);
    }

    public Task<IReadOnlyList<string>> ListPortsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>(
        Directory.Exists(paths.Ports)
            ? [.. Directory.EnumerateFiles(paths.Ports, "*.json").Select(file => Path.GetFileNameWithoutExtension(file))]
            : []);

    private async Task<IPAddress> AddressAsync(
        string key, IPAddress? requestedAddress, PortAccess access, CancellationToken cancellationToken)
    {
        var file = paths.Port(key);
        var subnet = await network.EnsureAsync(cancellationToken);
        Folders.MakePrivate(paths.Ports);
        using var held = await FileLock.TakeAsync(paths.Lock, time, cancellationToken);
        if (Find(key) is { } known)
        {
            return known;
        }

        var taken = Taken();
        var address = requestedAddress is null
            ? subnet.Servers.FirstOrDefault(candidate => !taken.Contains(candidate))
                ?? throw new CloudException($"All addresses of {subnet} are taken.", isTransient: true)
            : Requested(requestedAddress, subnet, taken);
        RecordFile.Write(file, new PortRecord(address.ToString(), access));
        return address;
    }

    // Under the lock of those who choose addresses: nobody gives away an address again while its port is half gone.
    public async Task DeletePortAsync(string key, CancellationToken cancellationToken)
    {
        if (Directory.Exists(paths.Ports))
        {
            using var held = await FileLock.TakeAsync(paths.Lock, time, cancellationToken);
            File.Delete(paths.Port(key));
        }
    }

    /// <summary>The port's address, or null when there is no such port.</summary>
    public IPAddress? Find(string key) => Record(key) is { } record ? IPAddress.Parse(record.Address) : null;

    /// <summary>What is kept of the port, or null when there is no such port.</summary>
    public PortRecord? Record(string key) => RecordFile.Read<PortRecord>(paths.Port(key));

    /// <summary>Whoever reaches this machine reaches its servers: the address of one that is to have a public one is that, too.</summary>
    private static Port Describe(IPAddress address, PortAccess access) => new(
        address,
        [
            new PortAddress(address, "private", NetworkId: null),
            .. access.IsPublic ? new[] { new PortAddress(address, "public", NetworkId: null) } : [],
        ]);

    private static IPAddress Requested(IPAddress address, Subnet subnet, HashSet<IPAddress> taken)
    {
        if (!subnet.Servers.Contains(address))
        {
            throw new CloudException($"The address {address} is not one of {subnet} that a server may have.", isTransient: false);
        }

        return taken.Contains(address) ? throw new CloudException($"The address {address} is taken.", isTransient: false) : address;
    }

    /// <summary>By our ports, and (on the loopback network) by whoever listens there.</summary>
    private HashSet<IPAddress> Taken() =>
        [
            .. Directory.EnumerateFiles(paths.Ports, "*.json").Select(f => IPAddress.Parse(RecordFile.Read<PortRecord>(f)!.Address)),
            .. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Address),
        ];
}
