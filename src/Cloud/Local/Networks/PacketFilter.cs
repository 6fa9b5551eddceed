using System.Globalization;
using Dbaas.Cloud.Hosts;
using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local.Networks;

/// <summary>The packet filter of one server, inside its own network namespace: it goes with that.</summary>
internal static class PacketFilter
{
    /// <summary>The whole table, which replaces one that is there in a single transaction.</summary>
    /// <param name="access">Who is let in.</param>
    /// <param name="subnet">Where the other members are. The host's own address is not one of them: users' clients come from there.</param>
    public static string Rules(PortAccess access, Subnet subnet)
    {
        var ports = string.Join(", ", access.TcpPorts.Select(port => port.ToString(CultureInfo.InvariantCulture)));
        var from = access.AllowedCidrs.Count == 0 ? "" : $"ip saddr {{ {string.Join(", ", access.AllowedCidrs)} }} ";
        return $$"""
            table inet dbaas
            delete table inet dbaas
            table inet dbaas {
              chain input {
                type filter hook input priority 0; policy drop;
                ct state established,related accept
                iif "lo" accept
                meta l4proto icmp accept
                ip saddr {{subnet.Host}} tcp dport != { {{ports}} } drop
                ip saddr != {{subnet.Host}} ip saddr {{subnet}} accept
                {{from}}tcp dport { {{ports}} } accept
              }
            }

            """;
    }

    /// <summary>nft reads a file; what is in it is no secret.</summary>
    public static string Write(PlanePaths paths, string key, string rules)
    {
        var file = paths.Filter(key);
        File.WriteAllText(file, rules);
        return file;
    }
}
