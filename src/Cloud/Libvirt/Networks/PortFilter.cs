using System.Net;
using System.Xml.Linq;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Libvirt.Networks;

/// <summary>
/// The packet filter of a port: rules on the server's own link, which hold for whoever sends, other servers, the host, or the world behind
/// it. They know no connections. So what answers a guest's own call is let in by its port: the ports above <see cref="FirstOwnPort"/>,
/// which the image's kernel takes for such calls. Nothing listens there but the agent, for members that show a certificate of the
/// deployment.
/// </summary>
internal static class PortFilter
{
    /// <summary>As the guest image's sysctl says.</summary>
    private const int FirstOwnPort = 49152;

    private const int LastPort = 65535;

    public static XElement Describe(string name, string uuid, GuestPort port, PortAccess access) => new(
        "filter",
        new XAttribute("name", name),
        new XAttribute("chain", "root"),
        new XElement("uuid", uuid),
        Rule("accept", "inout", 100, new XElement("arp")),
        Rule("accept", "in", 200, Ip(("protocol", "udp"), ("srcportstart", 67), ("dstportstart", 68))),
        Rule("accept", "in", 200, Ip(("protocol", "icmp"))),
        Rule("accept", "in", 200, Ip(("protocol", "tcp"), ("dstportstart", FirstOwnPort), ("dstportend", LastPort))),
        access.TcpPorts.SelectMany(tcp => Sources(access).Select(source => Rule("accept", "in", 300, Ip(Source(source), tcp)))),
        access.AllowedCidrs.Count == 0 ? null : access.TcpPorts.SelectMany(tcp => Members(port, tcp)),
        Rule("accept", "out", 300, Ip(("protocol", "udp"), ("srcipaddr", "0.0.0.0"), ("srcportstart", 68), ("dstportstart", 67))),
        Rule("accept", "out", 300, Ip(("srcipaddr", port.Address))),
        Rule("drop", "inout", 1000, new XElement("mac")));

    /// <summary>Members of a set are in one network, where nobody but guests is; and the host, which is not meant.</summary>
    private static IEnumerable<XElement> Members(GuestPort port, int tcp) =>
    [
        Rule("drop", "in", 400, Ip(Source(new IPNetwork(port.Host, 32)), tcp)),
        Rule("accept", "in", 500, Ip(Source(port.Subnet), tcp)),
    ];

    /// <summary>Null: from everywhere. IPv6 has no way here: the networks give out IPv4 addresses only.</summary>
    private static IEnumerable<IPNetwork?> Sources(PortAccess access)
    {
        if (access.AllowedCidrs.Count == 0)
        {
            return [null];
        }

        var parsed = access.AllowedCidrs.Select(text => IPNetwork.TryParse(text, out var network)
            ? network
            : throw new CloudException($"'{text}' is not a CIDR.", isTransient: false));
        return parsed.Where(network => network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork)
            .Select(network => (IPNetwork?)network);
    }

    private static (string, object)[] Source(IPNetwork? source) => source is { PrefixLength: > 0 } network
        ? [("srcipaddr", network.BaseAddress), ("srcipmask", network.PrefixLength)]
        : [];

    private static XElement Ip((string, object)[] source, int tcp) =>
        Ip([.. source, ("protocol", "tcp"), ("dstportstart", tcp), ("dstportend", tcp)]);

    private static XElement Ip(params (string Name, object Value)[] attributes) =>
        new("ip", attributes.Select(attribute => new XAttribute(attribute.Name, attribute.Value)));

    private static XElement Rule(string action, string direction, int priority, XElement what) => new(
        "rule", new XAttribute("action", action), new XAttribute("direction", direction), new XAttribute("priority", priority), what);
}
