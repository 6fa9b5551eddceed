using System.Globalization;
using Dbaas.Cloud.Local.Host;

namespace Dbaas.Cloud.Local.Networks;

/// <summary>What servers reach of the host, in a table of the service's own: the gateways, and answers to those who came to them.</summary>
internal static class HostFilter
{
    /// <summary>One more gateway of this plane.</summary>
    public static void AddGateway(PlanePaths paths, int port)
    {
        Folders.MakePrivate(paths.Root);
        Folders.MakePrivate(paths.GatewayPorts);
        File.WriteAllText(Path.Combine(paths.GatewayPorts, port.ToString(CultureInfo.InvariantCulture)), "");
    }

    /// <summary>The whole table, which replaces one that is there in a single transaction.</summary>
    public static string Rules(PlanePaths paths) => $$"""
        {{NoRules(paths)}}table inet {{paths.HostTable}} {
          chain input {
            type filter hook input priority 0; policy accept;
            iifname != "{{paths.Bridge}}" accept
            ct state established,related accept
            meta l4proto icmp accept
            tcp dport { {{string.Join(", ", Directory.EnumerateFiles(paths.GatewayPorts).Select(Path.GetFileName).Order())}} } accept
            drop
          }
          chain forward {
            type filter hook forward priority 0; policy accept;
            iifname "{{paths.Bridge}}" oifname != "{{paths.Bridge}}" drop
          }
        }

        """;

    /// <summary>No table, whether there was one or not.</summary>
    public static string NoRules(PlanePaths paths) => $"table inet {paths.HostTable}\ndelete table inet {paths.HostTable}\n";

    /// <summary>nft reads a file; what is in it is no secret.</summary>
    public static string Write(PlanePaths paths, string rules)
    {
        Folders.MakePrivate(paths.Root);
        File.WriteAllText(paths.HostFilter, rules);
        return paths.HostFilter;
    }
}
