using System.IO.Enumeration;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.GuestAgent.Reporting;

/// <summary>How full the volume is.</summary>
internal static class VolumeLook
{
    private const int MountPointColumn = 4;

    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>
    /// A file system of its own says so itself. A folder of a disk that others use too holds what lies in it, and what the disk has left.
    /// </summary>
    public static VolumeUse Of(string path)
    {
        var disk = new DriveInfo(path);
        if (IsMountPoint(path))
        {
            return new VolumeUse(disk.TotalSize, disk.TotalSize - disk.TotalFreeSpace);
        }

        var used = new FileSystemEnumerable<long>(path, (ref FileSystemEntry entry) => entry.IsDirectory ? 0 : entry.Length, Everything).Sum();
        return new VolumeUse(used + disk.AvailableFreeSpace, used);
    }

    private static bool IsMountPoint(string path)
    {
        var escaped = Path.TrimEndingDirectorySeparator(path).Replace("\\", "\\134", StringComparison.Ordinal).Replace(" ", "\\040", StringComparison.Ordinal);
        return File.ReadLines("/proc/self/mountinfo").Any(line => line.Split(' ')[MountPointColumn] == escaped);
    }
}
