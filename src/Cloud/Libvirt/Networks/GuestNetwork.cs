using System.Globalization;
using System.Net;
using System.Xml.Linq;

namespace Dbaas.Cloud.Libvirt.Networks;

/// <summary>A network as libvirt describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">As libvirt has it.</param>
internal sealed record GuestNetwork(string Name, XElement Description)
{
    private XElement? Ip => Description.Elements("ip").FirstOrDefault(ip => (string?)ip.Attribute("family") is null or "ipv4");

    /// <summary>The host's address in it; null: it gives out no addresses of its own.</summary>
    public IPAddress? Host => Ip is { } ip ? IPAddress.Parse((string)ip.Attribute("address")!) : null;

    public IPNetwork? Subnet => Host is { } host ? new IPNetwork(Masked(host, PrefixLength()), PrefixLength()) : null;

    /// <summary>The addresses that are promised to somebody.</summary>
    public IReadOnlyList<(string? Name, string? MacAddress, IPAddress Address)> Entries =>
        [.. Ip?.Element("dhcp")?.Elements("host").Select(host =>
            ((string?)host.Attribute("name"), (string?)host.Attribute("mac"), IPAddress.Parse((string)host.Attribute("ip")!))) ?? []];

    /// <summary>
    /// Every address that a server may have: not the network's own, the host's, the broadcast one, or one that is given to anybody.
    /// </summary>
    public IEnumerable<IPAddress> Candidates()
    {
        if (Subnet is not { } subnet)
        {
            yield break;
        }

        var start = Number(subnet.BaseAddress);
        var count = 1u << (32 - subnet.PrefixLength);
        var ranges = Ip!.Element("dhcp")?.Elements("range")
            .Select(
                range =>
                    (Number(IPAddress.Parse((string)range.Attribute("start")!)), Number(IPAddress.Parse((string)range.Attribute("end")!))))
            .ToArray() ?? [];
        var taken = Entries.Select(entry => Number(entry.Address)).Append(Number(Host!)).ToHashSet();
        for (var number = start + 1; number < start + count - 1; number++)
        {
            if (!taken.Contains(number) && !ranges.Any(range => number >= range.Item1 && number <= range.Item2))
            {
                yield return FromNumber(number);
            }
        }
    }

    private int PrefixLength() => (string?)Ip!.Attribute("prefix") is { } prefix
        ? int.Parse(prefix, CultureInfo.InvariantCulture)
        : System.Numerics.BitOperations.PopCount(Number(IPAddress.Parse((string?)Ip.Attribute("netmask") ?? "255.255.255.0")));

    private static IPAddress Masked(IPAddress address, int prefixLength) =>
        FromNumber(Number(address) & (uint)(0xFFFFFFFFL << (32 - prefixLength)));

    private static uint Number(IPAddress address) => address.GetAddressBytes() is [var a, var b, var c, var d]
        ? ((uint)a << 24) | ((uint)b << 16) | ((uint)c << 8) | d
        : throw new FormatException($"{address} is no IPv4 address.");

    private static IPAddress FromNumber(uint number) =>
        new([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
}
