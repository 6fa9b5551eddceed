using System.Text;

namespace Dbaas.GuestAgent.Files;

/// <summary>What is mounted, as the kernel tells it.</summary>
internal static class MountPoints
{
    private const int NumberField = 2;
    private const int PointField = 4;

    /// <summary>The device's number (<c>major:minor</c>) of what is mounted there; null: nothing is.</summary>
    public static string? DeviceAt(string path) => DeviceAt(path, File.ReadLines("/proc/self/mountinfo"));

    /// <param name="path">The folder.</param>
    /// <param name="lines">The kernel's.</param>
    internal static string? DeviceAt(string path, IEnumerable<string> lines) =>
        lines.Select(line => line.Split(' ')).LastOrDefault(fields => Unescape(fields[PointField]) == path)?[NumberField];

    // Space, tab, line feed and backslash are written in three octal digits.
    private static string Unescape(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length)
            {
                plain.Append((char)(((text[i + 1] - '0') << 6) | ((text[i + 2] - '0') << 3) | (text[i + 3] - '0')));
                i += 3;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}
