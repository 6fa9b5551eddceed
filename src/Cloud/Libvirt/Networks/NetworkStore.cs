using System.Globalization;
using System.Net;
using System.Xml.Linq;
using Dbaas.Cloud.Hosts;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Libvirt.Networks;

/// <summary>Networks of libvirt's whose addresses are given out by it (DHCP). Our ports are entries in them.</summary>
internal sealed class NetworkStore(LibvirtOptions options, Names names, Virsh virsh)
{
    // Of 10.89.0.0/16.
    private const byte FirstNumber = 10;
    private const byte SecondNumber = 89;
    private const int Thirds = 256;

    /// <summary>The network of servers for which none was asked for.</summary>
    public string Default => options.Network ?? names.Network;

    /// <summary>Makes sure that the default network is there and works; it is made when it is our own.</summary>
    public async Task<GuestNetwork> EnsureDefaultAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(Default, cancellationToken) is null)
        {
            if (options.Network is not null)
            {
                throw new CloudException($"libvirt has no network {options.Network}.", isTransient: false);
            }

            await virsh.DefineAsync("net-define", Describe(await FreeSubnetAsync(cancellationToken)), cancellationToken);
        }

        if (!(await virsh.NamesAsync(["net-list", "--name"], cancellationToken)).Contains(Default))
        {
            await virsh.RunAsync(["net-autostart", Default], cancellationToken);
            await virsh.RunAsync(["net-start", Default], cancellationToken);
        }

        return await FindAsync(Default, cancellationToken)
            ?? throw new CloudException($"libvirt has lost the network {Default}.", isTransient: true);
    }

    /// <summary>Null: there is none.</summary>
    public async Task<GuestNetwork?> FindAsync(string name, CancellationToken cancellationToken) =>
        await virsh.FindXmlAsync(["net-dumpxml", name, "--inactive"], cancellationToken) is { } description
            ? new GuestNetwork(name, description)
            : null;

    /// <summary>All networks, the default one first.</summary>
    public async Task<IReadOnlyList<GuestNetwork>> AllAsync(CancellationToken cancellationToken)
    {
        var found = new List<GuestNetwork>();
        var all = await virsh.NamesAsync(["net-list", "--all", "--name"], cancellationToken);
        foreach (var name in all.OrderByDescending(name => name == Default))
        {
            if (await FindAsync(name, cancellationToken) is { } network)
            {
                found.Add(network);
            }
        }

        return found;
    }

    /// <summary>Null: it was done. Else why libvirt would not: for example because the address was taken by another meanwhile.</summary>
    public async Task<string?> ChangeEntryAsync(GuestNetwork network, string verb, XElement entry, CancellationToken cancellationToken)
    {
        var running = (await virsh.NamesAsync(["net-list", "--name"], cancellationToken)).Contains(network.Name);
        string[] where = running ? ["--live", "--config"] : ["--config"];
        var (_, error) = await virsh.TryAsync(
            ["net-update", network.Name, verb, "ip-dhcp-host", entry.ToString(SaveOptions.DisableFormatting), .. where], cancellationToken);
        return error;
    }

    /// <summary>Makes sure that our own network is gone. One of the operator's stays.</summary>
    public async Task RemoveOwnAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(names.Network, cancellationToken) is null)
        {
            return;
        }

        await virsh.TryAsync(["net-destroy", names.Network], cancellationToken);
        await virsh.FindAsync(["net-undefine", names.Network], cancellationToken);
    }

    private XElement Describe(Subnet subnet) => new(
        "network",
        new XElement("name", names.Network),
        new XElement("uuid", names.Uuid("network", "own")),
        options.Forward == "none" ? null : new XElement("forward", new XAttribute("mode", options.Forward)),
        new XElement("bridge", new XAttribute("name", names.Bridge), new XAttribute("stp", "off"), new XAttribute("delay", "0")),
        new XElement("dns", new XAttribute("enable", "no")),
        new XElement(
            "ip",
            new XAttribute("address", subnet.Host),
            new XAttribute("prefix", Subnet.PrefixLength),
            new XElement("dhcp")));

    private async Task<Subnet> FreeSubnetAsync(CancellationToken cancellationToken)
    {
        if (options.Subnet is not null)
        {
            return Subnet.Parse(options.Subnet);
        }

        var taken = (await AllAsync(cancellationToken)).Select(network => network.Subnet).OfType<IPNetwork>().ToArray();
        var first = int.Parse(names.Hash[..2], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var free = Enumerable.Range(first, Thirds)
            .Select(third => new Subnet(FirstNumber, SecondNumber, (byte)(third % Thirds)))
            .Where(subnet => !taken.Any(subnet.Overlaps));
        foreach (var subnet in free)
        {
            return subnet;
        }

        throw new CloudException("No /24 of 10.89.0.0/16 is free.", isTransient: false);
    }
}
