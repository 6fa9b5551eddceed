namespace Dbaas.GuestAgent.Machine;

/// <summary>What is mounted, as the kernel tells it.</summary>
internal static class MountPoints
{
    private const int NumberField = 2;
    private const int PointField = 4;

    /// <summary>The device's number (<c>major:minor</c>) of what is mounted there; null: nothing is.</summary>
    public static string? DeviceAt(string path) =>
        File.ReadLines("/proc/self/mountinfo")
            .Select(line => line.Split(' '))
            .LastOrDefault(fields => Unescape(fields[PointField]) == path)?[NumberField];

    private static string Unescape(string text) => text.Replace("\\040", " ", StringComparison.Ordinal);
}
