using System.Security.Cryptography;
using System.Text;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local.Host;

/// <summary>
/// Every folder of the plane, and every name that it takes on the host. Host names carry a short hash of the state folder, so that two
/// services on one machine never meet.
/// </summary>
internal sealed class PlanePaths
{
    private const int LongestKey = 64;

    public PlanePaths(string statePath)
    {
        var full = RealPath.Of(statePath);
        Root = Path.Combine(full, "local");
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(full)))[..8];
    }

    public string Hash { get; }

    public string Root { get; }

    public string Plane => Path.Combine(Root, "plane.json");

    public string Lock => Path.Combine(Root, "lock");

    /// <summary>Of the processes that share the plane.</summary>
    public string ServerLocks => Path.Combine(Root, "server-locks");

    public string VolumeLocks => Path.Combine(Root, "volume-locks");

    /// <summary>A file for each port of this machine that servers may reach: the gateways.</summary>
    public string GatewayPorts => Path.Combine(Root, "gateway-ports");

    public string Servers => Path.Combine(Root, "servers");

    public string Volumes => Path.Combine(Root, "volumes");

    /// <summary>What agents keep for each other; theirs alone.</summary>
    public string Templates => Path.Combine(Root, "templates");

    public string Ports => Path.Combine(Root, "ports");

    /// <summary>What all services of this machine share.</summary>
    public static string SharedRun => "/run/dbaas";

    /// <summary>Where the services of this machine find each other's records, also after its restart.</summary>
    public static string SharedServices => "/var/lib/dbaas/services";

    /// <summary>
    /// Volumes that are folders of root's, whose databases have users of their own: these could not pass a state folder below /root (0700).
    /// </summary>
    public string SharedVolumes => Path.Combine("/var/lib/dbaas/volumes", Hash);

    /// <summary>The network namespace of the trial at the service's start. Its name is none of a server's.</summary>
    public string TrialNamespace => $"dbaastrial-{Hash}";

    /// <summary>
    /// Mount points lie here and not in the state folder: a database's user could not pass a state folder below /root (0700).
    /// </summary>
    public string Run => Path.Combine(SharedRun, Hash);

    /// <summary>The host's own rules for the bridge, as nft reads them.</summary>
    public string HostFilter => Path.Combine(Root, "host.nft");

    public string HostTable => "dbaas_" + Hash;

    /// <summary>At most 15 characters, as all names of links.</summary>
    public string Bridge => "dbr" + Hash;

    public string NamespacePrefix => $"dba{Hash}-";

    public string CgroupParent => "dbaas-" + Hash;

    public string Server(string key) => Path.Combine(Servers, Checked(key));

    /// <summary>The rules of a server's packet filter, as nft reads them.</summary>
    public string Filter(string key) => Path.Combine(Server(key), "filter.nft");

    public string Volume(string key) => Path.Combine(Volumes, Checked(key));

    public string Port(string key) => Path.Combine(Ports, Checked(key) + ".json");

    public string MountPoint(string volumeKey) => Path.Combine(Run, Checked(volumeKey));

    public string Namespace(string key) => NamespacePrefix + Checked(key);

    /// <summary>The last part of the address is unique in the plane, where a short hash of the key would only probably be.</summary>
    public string HostLink(byte lastOctet) => $"dbv{Hash}{lastOctet:000}";

    private static string Checked(string key) =>
        key.Length is > 0 and <= LongestKey && key[0] != '.' && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? key
            : throw new CloudException(
                "A key holds 1 to 64 letters, digits, '-', '_' or '.', and does not start with '.'.", isTransient: false);
}
