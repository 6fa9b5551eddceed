using System.IO.Enumeration;
using Dbaas.GuestAgent.Files;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.GuestAgent.Reporting;

/// <summary>
/// How full the volume is. A file system of its own says so itself, in one call. A folder of a disk that others use too holds what lies in
/// it, which takes a walk: seldom.
/// </summary>
internal sealed class VolumeLook(string path, TimeProvider time)
{
    private static readonly TimeSpan WalkEvery = TimeSpan.FromMinutes(1);

    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint,
    };

    // The volume is at its path before the agent looks at it for the first time, and stays there.
    private readonly Lazy<bool> isOwnFileSystem = new(() => MountPoints.DeviceAt(Path.TrimEndingDirectorySeparator(path)) is not null);

    private (long At, long Used)? walk;

    public VolumeUse Look()
    {
        var disk = new DriveInfo(path);
        if (isOwnFileSystem.Value)
        {
            return new VolumeUse(disk.TotalSize, disk.TotalSize - disk.TotalFreeSpace);
        }

        if (walk is not { } last || time.GetElapsedTime(last.At) >= WalkEvery)
        {
            var used = new FileSystemEnumerable<long>(path, (ref FileSystemEntry entry) => entry.IsDirectory ? 0 : entry.Length, Everything)
                .Sum();
            walk = last = (time.GetTimestamp(), used);
        }

        return new VolumeUse(last.Used + disk.AvailableFreeSpace, last.Used);
    }
}
