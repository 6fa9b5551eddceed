using System.Net;
using System.Xml.Linq;
using Dbaas.Cloud.Hosts;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Libvirt.Networks;

/// <summary>
/// Ports: an entry in libvirt's network that promises the address to the server's link, and a packet filter. Both have the port's name.
/// </summary>
internal sealed class LibvirtNetworks(LibvirtOptions options, Names names, NetworkStore store, Virsh virsh) : INetworks
{
    private const int Attempts = 5;

    // Addresses are chosen one at a time.
    private const string Allocation = "allocation";
    private readonly KeyedLock _locks = new();

    public async Task<Port> EnsurePortAsync(PortSpec spec, CancellationToken cancellationToken)
    {
        if (spec.SubnetId is not null)
        {
            throw new CloudException("Networks of this plane have one subnet each: ask for the network only.", isTransient: false);
        }

        var @default = await store.EnsureDefaultAsync(cancellationToken);
        using var held = await _locks.TakeAsync(Allocation, cancellationToken);
        var port = await FindAsync(spec.Key, cancellationToken)
            ?? await AllocateAsync(spec, await NetworkOfAsync(spec, @default, cancellationToken), cancellationToken);
        await FilterAsync(spec.Key, port, spec.Access, cancellationToken);
        return Describe(port);
    }

    public async Task<Port> EnsureAccessAsync(string key, PortAccess access, CancellationToken cancellationToken)
    {
        var port = await FindAsync(key, cancellationToken) ?? throw new CloudException($"There is no port {key}.", isTransient: false);
        await FilterAsync(key, port, access, cancellationToken);
        return Describe(port);
    }

    public async Task DeletePortAsync(string key, CancellationToken cancellationToken)
    {
        await virsh.FindAsync(["nwfilter-undefine", names.Of(key)], cancellationToken);
        using var held = await _locks.TakeAsync(Allocation, cancellationToken);
        foreach (var network in await store.AllAsync(cancellationToken))
        {
            foreach (var (_, mac, address) in network.Entries.Where(entry => entry.Name == names.Of(key)))
            {
                if (await store.ChangeEntryAsync(network, "delete", Entry(key, mac!, address), cancellationToken) is { } error)
                {
                    throw new CloudException($"The address of port {key} cannot be given back.", isTransient: true, details: error);
                }
            }
        }
    }

    public async Task<IReadOnlyList<string>> ListPortsAsync(CancellationToken cancellationToken)
    {
        var promised = (await store.AllAsync(cancellationToken)).SelectMany(network => network.Entries).Select(entry => entry.Name ?? "");
        var filters = (await virsh.NamesAsync(["nwfilter-list"], cancellationToken)).Select(line => line.Split(' ')[^1]);
        return [.. promised.Concat(filters).Select(name => names.KeyIn(name)).OfType<string>().Distinct()];
    }

    public async Task<IPAddress> EnsureHostAddressAsync(CancellationToken cancellationToken) =>
        (await store.EnsureDefaultAsync(cancellationToken)).Host is { } host
            ? options.HostAddress ?? host
            : throw new CloudException($"The network {store.Default} gives out no addresses (it has no ip element).", isTransient: false);

    /// <summary>What machines reach of their host is the host's own packet filter's to say.</summary>
    public Task EnsureGatewayAccessAsync(int port, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Null: there is none.</summary>
    public async Task<GuestPort?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var name = names.Of(key);
        foreach (var network in await store.AllAsync(cancellationToken))
        {
            if (network.Entries.FirstOrDefault(entry => entry.Name == name) is { Name: not null } entry)
            {
                return PortIn(network, entry.Address);
            }
        }

        return null;
    }

    private async Task<GuestNetwork> NetworkOfAsync(PortSpec spec, GuestNetwork @default, CancellationToken cancellationToken) =>
        spec.NetworkId is not { } asked || asked == @default.Name ? @default
            : (options.AllowedNetworks.Contains(asked) ? await store.FindAsync(asked, cancellationToken) : null)
            ?? throw new CloudException($"There is no network {asked}.", isTransient: false);

    private async Task<GuestPort> AllocateAsync(PortSpec spec, GuestNetwork network, CancellationToken cancellationToken)
    {
        if (spec.RequestedAddress is { } requested && !network.Candidates().Contains(requested))
        {
            throw new CloudException(
                $"The address {requested} is taken, or not one of the network {network.Name} that a server may have.", isTransient: false);
        }

        // Another service may be given one at the same moment: libvirt refuses then, and the next is tried.
        string? error = null;
        var candidates = spec.RequestedAddress is { } one ? [one] : network.Candidates().Take(Attempts);
        foreach (var candidate in candidates)
        {
            error = await store.ChangeEntryAsync(network, "add", Entry(spec.Key, names.MacAddress(spec.Key), candidate), cancellationToken);
            if (error is null)
            {
                return PortIn(network, candidate);
            }
        }

        throw new CloudException($"No address of the network {network.Name} is to be had.", isTransient: true, details: error);
    }

    private async Task FilterAsync(string key, GuestPort port, PortAccess access, CancellationToken cancellationToken) =>
        await virsh.DefineAsync(
            "nwfilter-define", PortFilter.Describe(names.Of(key), names.Uuid("filter", key), port, access), cancellationToken);

    private XElement Entry(string key, string mac, IPAddress address) =>
        new("host", new XAttribute("mac", mac), new XAttribute("name", names.Of(key)), new XAttribute("ip", address));

    private static GuestPort PortIn(GuestNetwork network, IPAddress address) =>
        new(address, network.Name, network.Host!, network.Subnet!.Value);

    private static Port Describe(GuestPort port) => new(port.Address, [new PortAddress(port.Address, "private", port.Network)]);
}

/// <summary>A port of a guest.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Network">libvirt's network.</param>
/// <param name="Host">The host's address in it.</param>
/// <param name="Subnet">Its addresses.</param>
internal sealed record GuestPort(IPAddress Address, string Network, IPAddress Host, IPNetwork Subnet);
