using System.Globalization;
using System.Text.Json.Nodes;

namespace Dbaas.GuestAgent.Machine;

/// <summary>What a bootstrap document need not say on a machine of its own.</summary>
internal sealed class MachineDefaults(string memoryInfoPath, int processors)
{
    public const string StatePath = "/var/lib/dbaas/agent";
    public const string VolumePath = "/var/lib/dbaas/volume";

    /// <summary>As the guest image makes it; the same in every image, for a volume's files belong to it.</summary>
    public const int DatabaseUserId = 900;

    private const string Total = "MemTotal:";

    public static MachineDefaults OfThisMachine() => new("/proc/meminfo", Environment.ProcessorCount);

    public JsonObject Complete(JsonObject document)
    {
        document = (JsonObject)document.DeepClone();
        document["volume_path"] ??= VolumePath;
        document["state_path"] ??= StatePath;
        document["database_user_id"] ??= DatabaseUserId;
        document["memory_mb"] ??= MemoryMb();
        document["cpus"] ??= processors;
        return document;
    }

    private int MemoryMb()
    {
        var line = File.ReadLines(memoryInfoPath).First(l => l.StartsWith(Total, StringComparison.Ordinal));
        return (int)(long.Parse(line[Total.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024);
    }
}
