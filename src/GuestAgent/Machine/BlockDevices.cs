using System.Globalization;

namespace Dbaas.GuestAgent.Machine;

/// <summary>The machine's disks, as the kernel tells them.</summary>
/// <param name="root">Where the kernel shows them: <c>/sys/block</c>.</param>
internal sealed class BlockDevices(string root)
{
    /// <summary>A virtual disk's serial holds no more.</summary>
    private const int LongestSerial = 20;

    private const int SectorSize = 512;

    // In front of the serial of a SCSI disk's page.
    private const int PageHeader = 4;

    /// <summary>The disk whose serial is this id, or its beginning; null: there is none.</summary>
    public BlockDevice? Find(string id)
    {
        var names = Directory.EnumerateDirectories(root)
            .Where(folder => SerialOf(folder) is { Length: > 0 } serial && IsSerialOf(id, serial));
        return names.Select(folder => new BlockDevice(folder)).SingleOrDefault();
    }

    /// <summary>How large it is now.</summary>
    public static long SizeOf(BlockDevice device) =>
        long.Parse(File.ReadAllText(Path.Combine(device.Folder, "size")), CultureInfo.InvariantCulture) * SectorSize;

    /// <summary>Asks a disk that does not tell a new size by itself.</summary>
    public static void LookAgain(BlockDevice device)
    {
        var rescan = Path.Combine(device.Folder, "device", "rescan");
        if (File.Exists(rescan))
        {
            File.WriteAllText(rescan, "1");
        }
    }

    private static bool IsSerialOf(string id, string serial) =>
        serial == id || (id.Length > LongestSerial && serial == id[..LongestSerial]);

    private static string SerialOf(string folder)
    {
        try
        {
            var serial = Path.Combine(folder, "serial");
            var page = Path.Combine(folder, "device", "vpd_pg80");
            return File.Exists(serial) ? File.ReadAllText(serial).Trim()
                : File.Exists(page) ? new string([.. File.ReadAllBytes(page).Skip(PageHeader).Select(b => (char)b)]).Trim('\0', ' ')
                : "";
        }
        catch (IOException)
        {
            // It went away while it was looked at.
            return "";
        }
    }
}

/// <summary>A disk.</summary>
/// <param name="Folder">Where the kernel tells of it.</param>
internal sealed record BlockDevice(string Folder)
{
    public string Path => "/dev/" + System.IO.Path.GetFileName(Folder);

    /// <summary><c>major:minor</c>.</summary>
    public string Number => File.ReadAllText(System.IO.Path.Combine(Folder, "dev")).Trim();
}
