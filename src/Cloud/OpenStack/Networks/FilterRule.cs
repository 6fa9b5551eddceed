using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Dbaas.Cloud.OpenStack.Neutron;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Networks;

/// <summary>Who may come in over TCP: from a network, or from a group.</summary>
internal sealed record FilterRule(string Family, int FirstPort, int LastPort, string? Network, string? GroupId)
{
    private const string V4 = "IPv4";
    private const string V6 = "IPv6";
    private const string Everywhere4 = "0.0.0.0/0";
    private const string Everywhere6 = "::/0";

    public static readonly IReadOnlyList<string> Families = [V4, V6];

    public static IReadOnlyList<FilterRule> For(PortAccess access)
    {
        IReadOnlyList<string> from = access.AllowedCidrs.Count == 0 ? [Everywhere4, Everywhere6] : access.AllowedCidrs;
        var networks = from.Select(Canonical).Distinct().ToArray();
        return [
            .. networks.SelectMany(
                network => access.TcpPorts.Distinct().Select(port => new FilterRule(FamilyOf(network), port, port, network, null))),
        ];
    }

    public static FilterRule Of(NeutronRule rule) => rule.Protocol is "tcp" or "6"
        ? new FilterRule(
            rule.Ethertype,
            rule.PortRangeMin ?? 1,
            rule.PortRangeMax ?? 65535,
            rule.RemoteGroupId is not null ? null : rule.RemoteIpPrefix ?? (rule.Ethertype == V4 ? Everywhere4 : Everywhere6),
            rule.RemoteGroupId)
        : new FilterRule(rule.Ethertype, 0, 0, rule.Protocol, null);

    public JsonObject ToJson(string securityGroupId)
    {
        var rule = new JsonObject
        {
            ["security_group_id"] = securityGroupId,
            ["direction"] = "ingress",
            ["ethertype"] = Family,
            ["protocol"] = "tcp",
            ["port_range_min"] = FirstPort,
            ["port_range_max"] = LastPort,
        };
        if (GroupId is not null)
        {
            rule["remote_group_id"] = GroupId;
        }
        else
        {
            rule["remote_ip_prefix"] = Network;
        }

        return rule;
    }

    private static string FamilyOf(string network) => network.Contains(':', StringComparison.Ordinal) ? V6 : V4;

    /// <summary>As Neutron writes it, so that what is there is known again: with a length, and no bits behind it.</summary>
    private static string Canonical(string cidr)
    {
        var parts = cidr.Split('/');
        if (parts.Length > 2 || !IPAddress.TryParse(parts[0], out var address)
            || address.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
        {
            throw Invalid(cidr);
        }

        var bytes = address.GetAddressBytes();
        var length = bytes.Length * 8;
        if (parts.Length == 2 && (!int.TryParse(parts[1], out length) || length < 0 || length > bytes.Length * 8))
        {
            throw Invalid(cidr);
        }

        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return $"{new IPAddress(bytes)}/{length}";
    }

    private static CloudException Invalid(string cidr) => new($"'{cidr}' is no network in CIDR form.", isTransient: false);
}
