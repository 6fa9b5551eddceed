using System.Globalization;

namespace Dbaas.Cloud.Local.Host;

/// <summary>What this process may do on this machine.</summary>
internal static class HostPowers
{
    private const int NetAdmin = 12;
    private const int SysAdmin = 21;
    private const int SysResource = 24;

    /// <summary>
    /// Why namespaces, mounts and loop devices cannot be made; null: nothing is known to be in the way. Being root is not enough: a
    /// container's root often may not.
    /// </summary>
    public static string? WhyNotIsolated() => true switch
    {
        _ when !Environment.IsPrivilegedProcess => "the service does not run as root",
        _ when !Has(NetAdmin) => "this root lacks CAP_NET_ADMIN, as in an ordinary container",
        _ when !Has(SysAdmin) => "this root lacks CAP_SYS_ADMIN, as in an ordinary container",
        _ when !File.Exists("/dev/loop-control") => "there are no loop devices here (/dev/loop-control)",
        _ => null,
    };

    /// <summary>Whether the kernel lets this process grow an ext4 file system that is mounted.</summary>
    public static bool CanGrowMounted() => Has(SysResource);

    private static bool Has(int capability)
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("CapEff:", StringComparison.Ordinal));
        var capabilities = ulong.Parse(line["CapEff:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (capabilities & (1UL << capability)) != 0;
    }
}
