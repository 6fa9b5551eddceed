using System.Globalization;
using CliWrap.Buffered;
using Dbaas.Cloud.Hosts;
using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Ports;
using Dbaas.Cloud.Processes;

namespace Dbaas.Cloud.Local.Volumes;

/// <summary>
/// A volume is a sparse file of exactly its size with ext4 in it, mounted by a loop device. A file of that name has a file system, always:
/// it is made under another name and renamed when it is complete, so nothing is ever formatted twice.
/// </summary>
internal sealed class LoopVolumes(PlanePaths paths, TimeProvider time) : IServerVolumes
{
    private const int LargestGb = 16 * 1024;
    private const long Gigabyte = 1L << 30;

    /// <summary>e2fsck's exit code.</summary>
    private const int FaultsCorrected = 1;

    /// <summary>An exit code that none of the programs has.</summary>
    private const int IsLocked = 75;

    private static readonly TimeSpan LongestGrowth = TimeSpan.FromHours(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly SharedLocks _locks = new(paths.VolumeLocks, time);

    public IReadOnlyList<string> NotEnforced => [];

    public async Task<Volume> EnsureVolumeAsync(VolumeSpec spec, CancellationToken cancellationToken)
    {
        var (key, sizeGb) = (spec.Key, spec.SizeGb);
        if (sizeGb is < 1 or > LargestGb)
        {
            throw new CloudException($"A volume has 1 to {LargestGb} GB.", isTransient: false);
        }

        // A caller that gives up stops waiting; what has begun goes on to its end. A file system that is cut while it grows may be lost.
        return await EnsureWholeAsync(key, sizeGb, await _locks.TakeAsync(key, cancellationToken)).WaitAsync(cancellationToken);
    }

    public Task<Volume?> FindVolumeAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult(
            RecordFile.Read<VolumeRecord>(RecordOf(key)) is { } record ? Describe(key, record.SizeGb, VolumeState.Ready) : null);

    public async Task<bool> DeleteVolumeAsync(string key, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(key, cancellationToken);
        await UnmountAsync(key, cancellationToken);
        if (File.Exists(ImageOf(key)))
        {
            await ReleaseDevicesAsync(key, Patience, cancellationToken);

            // Before its image: a record without one would look like a volume that lost its data.
            File.Delete(RecordOf(key));
        }

        Folders.Remove(paths.Volume(key));
        return true;
    }

    public Task<IReadOnlyList<VolumeType>> ListVolumeTypesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<VolumeType>>([LocalVolumeType.Only]);

    public Task<IReadOnlyList<string>> ListVolumesAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Folders.NamesIn(paths.Volumes));

    public async Task<string> AttachAsync(string key, int? userId, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(key, cancellationToken);
        var record = RecordFile.Read<VolumeRecord>(RecordOf(key))
            ?? throw new CloudException($"There is no volume {key}.", isTransient: false);
        await MountAsync(key, cancellationToken);
        if (userId is { } owner && record.OwnerId != owner)
        {
            await VolumeOwner.GiveAsync(paths.MountPoint(key), owner, cancellationToken);
            RecordFile.Write(RecordOf(key), record with { OwnerId = owner });
        }

        return paths.MountPoint(key);
    }

    public async Task DetachAsync(string key, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(key, cancellationToken);
        await UnmountAsync(key, cancellationToken);
    }

    private async Task<Volume> EnsureWholeAsync(string key, int sizeGb, IDisposable held)
    {
        using var release = held;
        var cancellationToken = CancellationToken.None;
        var record = RecordFile.Read<VolumeRecord>(RecordOf(key));
        if (!File.Exists(ImageOf(key)))
        {
            if (record is not null)
            {
                throw new CloudException($"The image of volume {key} is missing.", isTransient: false);
            }

            await CreateAsync(key, sizeGb, cancellationToken);
            return Describe(key, sizeGb, VolumeState.Ready);
        }

        // Without a record: cut off between the two, the file system is complete, and its size is looked at.
        if (record is null || record.SizeGb < sizeGb)
        {
            if (!await GrowAsync(key, sizeGb, cancellationToken))
            {
                return Describe(key, record?.SizeGb ?? 0, VolumeState.NeedsServerStopped);
            }

            record = new VolumeRecord(sizeGb, record?.OwnerId);
            RecordFile.Write(RecordOf(key), record);
        }

        return Describe(key, record.SizeGb, VolumeState.Ready);
    }

    private async Task CreateAsync(string key, int sizeGb, CancellationToken cancellationToken)
    {
        Folders.MakePrivate(paths.Volume(key));
        var unfinished = ImageOf(key) + ".new";
        File.Delete(unfinished);
        SetLength(unfinished, sizeGb * Gigabyte);

        // The tables are filled in later by the kernel, and the file is known to be empty: 10 ms instead of seconds. What is kept for root
        // is for the agent's records, when the database has filled the rest.
        await HostCommand.RunAsync(
            "mkfs.ext4",
            ["-q", "-F", "-m", "0.1", "-E", "lazy_itable_init=1,lazy_journal_init=1,nodiscard,root_owner=0:0", unfinished],
            cancellationToken);
        using (var file = File.OpenHandle(unfinished, access: FileAccess.ReadWrite))
        {
            RandomAccess.FlushToDisk(file);
        }

        File.Move(unfinished, ImageOf(key));
        RecordFile.Write(RecordOf(key), new VolumeRecord(sizeGb, OwnerId: null));
    }

    /// <returns>False: it is in use, and this machine cannot grow it meanwhile.</returns>
    private async Task<bool> GrowAsync(string key, int sizeGb, CancellationToken cancellationToken)
    {
        var wasMounted = MountTable.At(paths.MountPoint(key)) is not null;
        if (new FileInfo(ImageOf(key)).Length < sizeGb * Gigabyte)
        {
            Succeed(
                $"The image of volume {key} cannot be made larger",
                await OnImageAsync(key, "truncate", [$"--size={sizeGb * Gigabyte}", ImageOf(key)], cancellationToken));
        }

        await MountAsync(key, cancellationToken);
        var device = MountTable.At(paths.MountPoint(key))?.Source
            ?? throw new CloudException($"Volume {key} is not mounted.", isTransient: true);
        await HostCommand.RunAsync("losetup", ["-c", device], cancellationToken);
        if (!HostPowers.CanGrowMounted())
        {
            return await GrowUnmountedAsync(key, wasMounted, cancellationToken);
        }

        await HostCommand.RunAsync("resize2fs", [device], cancellationToken);
        if (!wasMounted)
        {
            await UnmountAsync(key, cancellationToken);
        }

        return true;
    }

    /// <summary>For a root that the kernel does not let resize what is mounted (some containers and sandboxes).</summary>
    private async Task<bool> GrowUnmountedAsync(string key, bool mountAgain, CancellationToken cancellationToken)
    {
        try
        {
            // Not for long: what uses it goes on using it. A bind of it elsewhere (the root of a server with an image) keeps the device.
            await Mounts.UnmountTreeAsync(paths.MountPoint(key), Moment, time, cancellationToken);
            await ReleaseDevicesAsync(key, Moment, cancellationToken);
        }
        catch (CloudException)
        {
            await MountAsync(key, cancellationToken);
            return false;
        }

        await CheckAsync(key, ["-f", "-p"], cancellationToken);
        Succeed(
            $"The file system of volume {key} cannot be made larger",
            await OnImageAsync(key, "resize2fs", [ImageOf(key)], cancellationToken));
        if (mountAgain)
        {
            await MountAsync(key, cancellationToken);
        }

        return true;
    }

    private async Task MountAsync(string key, CancellationToken cancellationToken)
    {
        var point = paths.MountPoint(key);
        if (MountTable.At(point) is not null)
        {
            return;
        }

        // A mount elsewhere (the root of a server with an image) holds the device: then it is in use, and nobody's to be checked.
        if ((await DevicesAsync(key, cancellationToken)).Length == 0)
        {
            await CheckAsync(key, ["-p"], cancellationToken);
        }

        Folders.MakePassable(PlanePaths.SharedRun);
        Folders.MakePassable(paths.Run);
        Folders.MakePrivate(point);
        Succeed(
            $"Volume {key} cannot be mounted",
            await OnImageAsync(key, "mount", ["-o", "loop,nosuid,nodev", ImageOf(key), point], cancellationToken));
        await WriteThroughAsync(point, cancellationToken);
    }

    /// <summary>Mends what can be mended without a question. Nobody has it mounted.</summary>
    private async Task CheckAsync(string key, string[] options, CancellationToken cancellationToken)
    {
        var check = await OnImageAsync(key, "e2fsck", [.. options, ImageOf(key)], cancellationToken);
        if (check.ExitCode is not (0 or FaultsCorrected))
        {
            throw new CloudException(
                $"The file system of volume {key} has faults that are not mended by themselves: what is on it is left as it is, until an "
                + "administrator mends it by hand.",
                isTransient: false,
                details: $"e2fsck {ImageOf(key)}: {check.StandardOutput.Trim()} {check.StandardError.Trim()}".Trim());
        }
    }

    /// <summary>
    /// Runs what must be alone with an image. The lock is the program's own, so one that a service left running when it was killed is not
    /// joined by another.
    /// </summary>
    private async Task<BufferedCommandResult> OnImageAsync(
        string key, string program, string[] arguments, CancellationToken cancellationToken)
    {
        var result = await HostCommand.TryAsync(
            "flock",
            ["--nonblock", "--conflict-exit-code", $"{IsLocked}", ImageOf(key), program, .. arguments],
            cancellationToken,
            limit: LongestGrowth);
        return result.ExitCode != IsLocked
            ? result
            : throw new CloudException($"A program still works on the file system of volume {key}.", isTransient: true);
    }

    private static void Succeed(string failure, BufferedCommandResult result)
    {
        if (!result.IsSuccess)
        {
            throw HostCommand.Failure(failure + ".", result);
        }
    }

    // Else each page is kept twice, and a sync waits for both: a third of the speed. A file system that cannot do it does without.
    private static async Task WriteThroughAsync(string point, CancellationToken cancellationToken)
    {
        if (MountTable.At(point)?.Source is { } device)
        {
            await HostCommand.TryAsync("losetup", ["--direct-io=on", device], cancellationToken);
        }
    }

    private async Task UnmountAsync(string key, CancellationToken cancellationToken)
    {
        await Mounts.UnmountTreeAsync(paths.MountPoint(key), time, cancellationToken);
        Folders.Remove(paths.MountPoint(key));
    }

    /// <summary>mount makes devices that go with the mount; this is for one that did not, and to see that all are gone.</summary>
    private async Task ReleaseDevicesAsync(string key, TimeSpan patience, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var devices = await DevicesAsync(key, cancellationToken);
            if (devices.Length == 0)
            {
                return;
            }

            if (time.GetElapsedTime(start) > patience)
            {
                throw new CloudException($"Volume {key} is still in use by {string.Join(", ", devices)}.", isTransient: true);
            }

            await HostCommand.TryAsync("losetup", ["-d", .. devices], cancellationToken);
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async Task<string[]> DevicesAsync(string key, CancellationToken cancellationToken)
    {
        var output = await HostCommand.RunAsync("losetup", ["-n", "-O", "NAME", "-j", ImageOf(key)], cancellationToken);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static void SetLength(string file, long length)
    {
        using var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        stream.SetLength(length);
        stream.Flush(flushToDisk: true);
    }

    private static Volume Describe(string key, int sizeGb, VolumeState state) => new(key, key, sizeGb, state, Detail: null);

    private string ImageOf(string key) => Path.Combine(paths.Volume(key), key + ".img");

    private string RecordOf(string key) => Path.Combine(paths.Volume(key), "volume.json");
}
