using System.Diagnostics;
using System.Globalization;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.OpenStack.Tier.Guests;

/// <summary>
/// What runs behind a server of Nova's fake driver: the real agent, as it is started in the guest image, with a real database, in
/// namespaces of its own. Its folder is the root disk; the data is on the Cinder volume's own file.
/// </summary>
internal sealed class Machine(string id, string folder) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly string Script = Path.Combine(Repository.Root, "tests", "OpenStack.Tier", "Guests", "machine.sh");
    private readonly List<GuestDisk> _disks = [];
    private readonly List<string> _ends = [];
    private string? _root;
    private Process? _process;

    /// <summary>What it was started by; null: it has no power.</summary>
    public string? Boot { get; private set; }

    private string PidFile => Path.Combine(Lab.RunFolder, $"guest-{id}.pid");

    private string Root => Path.Combine(folder, "root");

    /// <summary>Gives it power, from what Nova says of it.</summary>
    public async Task StartAsync(NovaView server, IReadOnlyList<Cable> cables)
    {
        // What is there of a start that was not finished.
        await PowerOffAsync();
        Directory.CreateDirectory(folder);
        if (_root != server.Root && Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }

        _root = server.Root;
        var disks = new List<string>();
        foreach (var volume in server.Volumes)
        {
            var disk = await AttachAsync(Lab.VolumeFile(volume));
            if (!GuestDisk.GrowsMounted)
            {
                await disk.GrowUnmountedAsync();
            }

            disks.Add($"{disk.Device} {volume}\n");
        }

        await WriteAsync("disks", string.Concat(disks));
        await WriteAsync("drive", (await AttachAsync(await MakeDriveAsync(server.UserData))).Device);
        await WriteAsync("memory", server.MemoryMb.ToString(CultureInfo.InvariantCulture));
        await WriteAsync(
            "cables",
            string.Concat(cables.Select((cable, number) => $"eth{number} {cable.Address}/{cable.Network.Subnet.PrefixLength}\n")));
        await WriteAsync("gateway", cables[0].Network.Gateway.ToString());
        _process = Process.Start(new ProcessStartInfo("setsid", [
            "unshare", "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--fork", "--kill-child", "--mount-proc",
            Script, folder, AgentProgram.Path,
        ])
        {
            // The script writes to the console; what unshare has to say about its child's end is of no interest.
            RedirectStandardError = true,
        })!;
        await File.WriteAllTextAsync(PidFile, $"{_process.Id} {StartTime(_process.Id)}\n");
        await PlugInAsync(cables);
        Boot = server.Boot;
    }

    /// <summary>Takes its power: nothing in it gets a chance to end.</summary>
    public async Task PowerOffAsync()
    {
        Boot = null;
        if (_process is { } process)
        {
            // Its first process: the other one ends when all processes of the guest are gone, and not before.
            var (_, first, _) = await Tool.TryAsync("pgrep", "-P", $"{process.Id}");
            await Tool.TryAsync("kill", "-9", first.Length > 0 ? first : $"{process.Id}");
            using var limit = new CancellationTokenSource(Patience);
            await process.WaitForExitAsync(limit.Token);
            process.Dispose();
            _process = null;
            File.Delete(PidFile);
        }

        // They would go with the guest's namespace, but the kernel takes its time for that.
        foreach (var end in _ends)
        {
            await Tool.TryAsync("ip", "link", "delete", end);
        }

        _ends.Clear();
        foreach (var disk in _disks)
        {
            await disk.DisposeAsync();
        }

        _disks.Clear();
    }

    /// <summary>Its disks are as large as their volumes.</summary>
    public async Task FollowSizesAsync()
    {
        foreach (var disk in _disks)
        {
            await disk.FollowSizeAsync();
        }
    }

    /// <summary>It is gone, and its root disk with it.</summary>
    public async ValueTask DisposeAsync()
    {
        await PowerOffAsync();
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<GuestDisk> AttachAsync(string file)
    {
        var disk = await GuestDisk.AttachAsync(file);
        _disks.Add(disk);
        return disk;
    }

    /// <summary>As Nova lays it out. Not as an ISO image: not every kernel of a test machine reads those.</summary>
    private async Task<string> MakeDriveAsync(byte[] userData)
    {
        var (content, image) = (Path.Combine(folder, "drive.content"), Path.Combine(folder, "drive.image"));
        var latest = Directory.CreateDirectory(Path.Combine(content, "openstack", "latest")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(latest, "user_data"), userData);
        File.Delete(image);
        await Tool.RunAsync("mkfs.ext4", "-q", "-O", "^has_journal", "-L", "config-2", "-d", content, image, "1M");
        return image;
    }

    private async Task PlugInAsync(IReadOnlyList<Cable> cables)
    {
        var own = new FileInfo("/proc/self/ns/net").LinkTarget;
        await Eventually.HoldsAsync(
            "the guest has a network of its own",
            Patience,
            () => new FileInfo($"/proc/{_process!.Id}/ns/net").LinkTarget is { } target && target != own);
        foreach (var (cable, number) in cables.Select((cable, number) => (cable, number)))
        {
            var end = $"os{id[..8]}{number}";
            _ends.Add(end);
            await Tool.RunAsync(
                "ip", "link", "add", end, "master", cable.Network.Bridge, "up", "type", "veth",
                "peer", "name", $"eth{number}", "address", cable.LinkAddress, "netns", $"{_process!.Id}");
        }
    }

    private Task WriteAsync(string name, string content) => File.WriteAllTextAsync(Path.Combine(folder, name), content);

    // As tests/openstack/lib.sh reads it.
    private static string StartTime(int pid) => File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ')[19];
}
