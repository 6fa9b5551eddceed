using System.Globalization;

namespace Dbaas.Cloud.Local.Host;

/// <summary>What this process may do on this machine.</summary>
internal static class HostPowers
{
    private const int NetAdmin = 12;
    private const int SysAdmin = 21;
    private const int SysResource = 24;

    /// <summary>Whether namespaces, mounts and loop devices can be made. Being root is not enough: a container's root often may not.</summary>
    public static bool CanIsolate() =>
        Environment.IsPrivilegedProcess && Has(NetAdmin) && Has(SysAdmin) && File.Exists("/dev/loop-control");

    /// <summary>Whether the kernel lets this process grow an ext4 file system that is mounted.</summary>
    public static bool CanGrowMounted() => Has(SysResource);

    private static bool Has(int capability)
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("CapEff:", StringComparison.Ordinal));
        var capabilities = ulong.Parse(line["CapEff:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (capabilities & (1UL << capability)) != 0;
    }
}
