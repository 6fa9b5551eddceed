namespace Dbaas.OpenStack.Tier.Guests;

/// <summary>A file as a disk: a Cinder volume as a hypervisor of its storage would attach it, or a config drive.</summary>
internal sealed class GuestDisk : IAsyncDisposable
{
    private const int FaultsCorrected = 1;
    private readonly string _file;
    private long _size;

    private GuestDisk(string file, string device, long size) => (_file, Device, _size) = (file, device, size);

    /// <summary>For example <c>/dev/loop3</c>.</summary>
    public string Device { get; }

    /// <summary>Whether the kernel lets this root grow a file system that is mounted: CAP_SYS_RESOURCE, number 24.</summary>
    public static bool GrowsMounted { get; } = File.ReadLines("/proc/self/status")
        .Single(line => line.StartsWith("CapEff:", StringComparison.Ordinal)) is var line
        && ((Convert.ToUInt64(line["CapEff:".Length..].Trim(), 16) >> 24) & 1) == 1;

    public static async Task<GuestDisk> AttachAsync(string file)
    {
        var size = new FileInfo(file).Length;
        return new GuestDisk(file, await Tool.RunAsync("losetup", "--find", "--show", file), size);
    }

    /// <summary>The guest sees a larger disk after its file has grown.</summary>
    public async Task FollowSizeAsync()
    {
        var size = new FileInfo(_file).Length;
        if (size != _size)
        {
            await Tool.RunAsync("losetup", "--set-capacity", Device);
            _size = size;
        }
    }

    /// <summary>
    /// What the guest's kernel would do when it is on, and this kernel does for nobody: the file system gets the disk's size.
    /// </summary>
    public async Task GrowUnmountedAsync()
    {
        var (exitCode, type, _) = await Tool.TryAsync("blkid", "-p", "-o", "value", "-s", "TYPE", Device);
        if (exitCode == 0 && type == "ext4")
        {
            (exitCode, var output, var errors) = await Tool.TryAsync("e2fsck", "-f", "-p", Device);
            if (exitCode is not (0 or FaultsCorrected))
            {
                throw new InvalidOperationException($"e2fsck ended with {exitCode}: {output} {errors}");
            }

            await Tool.RunAsync("resize2fs", Device);
        }
    }

    public async ValueTask DisposeAsync() => await Tool.RunAsync("losetup", "--detach", Device);
}
