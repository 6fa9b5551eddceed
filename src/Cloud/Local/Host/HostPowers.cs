using System.Globalization;

namespace Dbaas.Cloud.Local.Host;

/// <summary>What this process may do on this machine.</summary>
internal static class HostPowers
{
    private const int NetAdmin = 12;
    private const int SysAdmin = 21;

    /// <summary>Whether namespaces, mounts and loop devices can be made. Being root is not enough: a container's root often may not.</summary>
    public static bool CanIsolate()
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("CapEff:", StringComparison.Ordinal));
        var capabilities = ulong.Parse(line["CapEff:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return Environment.IsPrivilegedProcess && Has(NetAdmin) && Has(SysAdmin) && File.Exists("/dev/loop-control");

        bool Has(int capability) => (capabilities & (1UL << capability)) != 0;
    }
}
