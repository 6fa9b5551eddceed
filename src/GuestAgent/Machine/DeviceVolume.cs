using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Channel;
using Dbaas.GuestAgent.Files;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Machine;

/// <summary>
/// A volume that is a disk of this machine. It is formatted once: what has any signature is kept, but for a file system of ours whose
/// making was cut off. That one is known by its label, which is changed only when the file system is complete, and before it is mounted.
/// </summary>
internal sealed class DeviceVolume(
    string id, string path, BlockDevices devices, MachineTools tools, TimeProvider time, Action<string> log) : IDataVolume
{
    private const string UnfinishedLabel = "dbaas-unfinished";
    private const string FinishedLabel = "dbaas-data";

    // blkid's and e2fsck's exit codes.
    private const int NothingFound = 2;
    private const int FaultsCorrected = 1;

    public async Task EnsureMountedAsync(CancellationToken cancellationToken)
    {
        var device = await FindAsync(cancellationToken);
        Directory.CreateDirectory(path);
        if (MountPoints.DeviceAt(path) is { } mounted)
        {
            if (mounted != device.Number)
            {
                throw new DatastoreException(FaultKind.Permanent, $"Another device than the volume {id} is mounted at {path}.");
            }
        }
        else
        {
            await EnsureFormattedAsync(device, cancellationToken);
            await MountAsync(device, cancellationToken);
        }

        await GrowAsync(atLeastBytes: 0, cancellationToken);
    }

    public async Task<VolumeSize> GrowAsync(long atLeastBytes, CancellationToken cancellationToken)
    {
        var device = devices.Find(id) ?? throw new DatastoreException(FaultKind.Transient, $"The volume {id} is not attached.");
        BlockDevices.LookAgain(device);
        if (BlockDevices.SizeOf(device) is var seen && seen < atLeastBytes)
        {
            throw new DatastoreException(FaultKind.Transient, $"The guest sees {seen} bytes of its volume still, not {atLeastBytes}.");
        }

        await tools.RunAsync("resize2fs", [device.Path], cancellationToken);
        return new VolumeSize(BlockDevices.SizeOf(device), new DriveInfo(path).TotalSize);
    }

    private async Task<BlockDevice> FindAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(time, Random.Shared.NextDouble);
        while (true)
        {
            if (devices.Find(id) is { } device)
            {
                return device;
            }

            log($"Waiting for the volume {id} to be attached.");
            await backoff.PauseAsync(cancellationToken);
        }
    }

    private async Task EnsureFormattedAsync(BlockDevice device, CancellationToken cancellationToken)
    {
        switch (await LookAsync(device, cancellationToken))
        {
            case { Type: null }:
                log($"The volume {id} is empty; it is formatted.");
                await FormatAsync(device, cancellationToken);
                break;
            case { Label: UnfinishedLabel }:
                log($"The formatting of the volume {id} was cut off; it is done again.");
                await FormatAsync(device, cancellationToken);
                break;
            case { Type: not "ext4" } other:
                throw new DatastoreException(
                    FaultKind.Permanent, $"The volume {id} holds something else than our file system ({other.Type}); it is left alone.");
        }
    }

    /// <summary>A disk that cannot be read looks empty to blkid: so it is read first.</summary>
    private async Task<(string? Type, string? Label)> LookAsync(BlockDevice device, CancellationToken cancellationToken)
    {
        await DiskProbe.ReadEndsAsync(device.Path, cancellationToken);
        var (exitCode, output, errors) = await tools.TryAsync("blkid", ["-p", "-o", "export", device.Path], cancellationToken);
        if (exitCode == NothingFound && errors.Length == 0)
        {
            return (null, null);
        }

        var found = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return exitCode == 0
            ? (found.GetValueOrDefault("TYPE") ?? found.GetValueOrDefault("PTTYPE") ?? "unknown", found.GetValueOrDefault("LABEL"))
            : throw new DatastoreException(
                FaultKind.Permanent, $"It is not clear what the volume {id} holds (blkid: {exitCode} {errors.Trim()}); it is left alone.");
    }

    private async Task FormatAsync(BlockDevice device, CancellationToken cancellationToken)
    {
        // The tables are filled in later by the kernel. What is kept for root is for the agent's records, when the database has filled the
        // rest.
        await tools.RunAsync(
            "mkfs.ext4",
            ["-q", "-F", "-m", "0.1", "-L", UnfinishedLabel, "-E", "lazy_itable_init=1,lazy_journal_init=1,root_owner=0:0", device.Path],
            cancellationToken);
        DiskProbe.Flush(device.Path);
        await tools.RunAsync("e2label", [device.Path, FinishedLabel], cancellationToken);
        DiskProbe.Flush(device.Path);
    }

    private async Task MountAsync(BlockDevice device, CancellationToken cancellationToken)
    {
        var (exitCode, output, errors) = await tools.TryAsync("e2fsck", ["-p", device.Path], cancellationToken);
        if (exitCode is not (0 or FaultsCorrected))
        {
            throw new DatastoreException(
                FaultKind.Permanent, $"The file system of the volume {id} has faults ({exitCode}): {output.Trim()} {errors.Trim()}");
        }

        await tools.RunAsync("mount", ["-t", "ext4", "-o", "nosuid,nodev,noatime", device.Path, path], cancellationToken);
    }
}
