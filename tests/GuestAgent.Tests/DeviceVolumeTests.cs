using System.Diagnostics;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Files;
using Dbaas.GuestAgent.Machine;
using Dbaas.GuestAgent.Processes;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestProtocol;

namespace Dbaas.GuestAgent.Tests;

/// <summary>What the agent does with a disk that it finds. With loop devices: needs root.</summary>
public sealed class DeviceVolumeTests : IDisposable
{
    private const string Id = "0123456789abcdefghijklmnopqrstuvwxyz";
    private readonly TempFolder _folder = new();
    private readonly string _device;
    private readonly string _mount;

    public DeviceVolumeTests()
    {
        Assert.True(Environment.IsPrivilegedProcess, "Loop devices are for root only.");
        var image = Path.Combine(_folder.Path, "disk");
        using (var file = File.Create(image))
        {
            file.SetLength(64 << 20);
        }

        _device = Run("losetup", "--find", "--show", image).Trim();
        _mount = Path.Combine(_folder.Path, "mnt");
        var shown = Path.Combine(_folder.Path, "block", Path.GetFileName(_device));
        Directory.CreateDirectory(shown);
        File.WriteAllText(Path.Combine(shown, "serial"), Id[..20]);
        File.Copy($"/sys/block/{Path.GetFileName(_device)}/dev", Path.Combine(shown, "dev"));
        File.WriteAllText(Path.Combine(shown, "size"), "131072\n");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Unmount();
        Run("losetup", "-d", _device);
        _folder.Dispose();
    }

    [Fact]
    public async Task An_empty_volume_is_formatted_once_and_keeps_what_is_put_on_it()
    {
        await Volume().EnsureMountedAsync(Cancel);
        await File.WriteAllTextAsync(Path.Combine(_mount, "kept"), "data", Cancel);
        await Volume().EnsureMountedAsync(Cancel);
        Unmount();

        await Volume().EnsureMountedAsync(Cancel);

        Assert.Equal("data", await File.ReadAllTextAsync(Path.Combine(_mount, "kept"), Cancel));
        Assert.Equal(64 << 20, (await Volume().GrowAsync(64 << 20, Cancel)).DeviceBytes);
        var early = await Assert.ThrowsAsync<DatastoreException>(() => Volume().GrowAsync(128 << 20, Cancel));
        Assert.Equal(FaultKind.Transient, early.Kind);
    }

    [Fact]
    public async Task A_file_system_that_somebody_else_made_is_kept()
    {
        Run("mkfs.ext4", "-q", "-L", "theirs", _device);
        Directory.CreateDirectory(_mount);
        Run("mount", _device, _mount);
        await File.WriteAllTextAsync(Path.Combine(_mount, "kept"), "theirs", Cancel);
        Unmount();

        await Volume().EnsureMountedAsync(Cancel);

        Assert.Equal("theirs", await File.ReadAllTextAsync(Path.Combine(_mount, "kept"), Cancel));
    }

    [Fact]
    public async Task Formatting_that_was_cut_off_is_done_again()
    {
        Run("mkfs.ext4", "-q", "-L", "dbaas-unfinished", _device);

        await Volume().EnsureMountedAsync(Cancel);

        Assert.Contains("dbaas-data", Run("blkid", "-p", _device), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mkswap")]
    [InlineData("mkfs.ext2", "-q")]
    public async Task What_is_no_file_system_of_ours_is_left_alone(string program, params string[] options)
    {
        Run(program, [.. options, _device]);
        var before = Run("blkid", "-p", _device);

        var refused = await Assert.ThrowsAsync<DatastoreException>(() => Volume().EnsureMountedAsync(Cancel));

        Assert.Contains("left alone", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Run("blkid", "-p", _device));
    }

    [Fact]
    public async Task A_partition_table_is_left_alone()
    {
        using (var disk = File.OpenHandle(_device, access: FileAccess.ReadWrite))
        {
            byte[] table = new byte[512];
            (table[450], table[458], table[510], table[511]) = (0x83, 8, 0x55, 0xAA);
            RandomAccess.Write(disk, table, 0);
        }

        await Assert.ThrowsAsync<DatastoreException>(() => Volume().EnsureMountedAsync(Cancel));
    }

    [Fact]
    public async Task It_waits_for_a_volume_that_is_not_attached_yet_and_takes_no_other()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var waiting = Volume("another-volume", line =>
        {
            Assert.Contains("another-volume", line, StringComparison.Ordinal);
            limit.Cancel();
        }).EnsureMountedAsync(limit.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        Assert.DoesNotContain("TYPE", Run("blkid", "-p", _device), StringComparison.Ordinal);
    }

    private DeviceVolume Volume(string id = Id, Action<string>? log = null) => new(
        id,
        _mount,
        new BlockDevices(Path.Combine(_folder.Path, "block")),
        new MachineTools(new ProcessRunner(_folder.Path)),
        TimeProvider.System,
        log ?? (_ => { }));

    private void Unmount()
    {
        if (MountPoints.DeviceAt(_mount) is not null)
        {
            Run("umount", _mount);
        }
    }

    /// <summary>What it printed, however it ended: blkid's exit code says that it found nothing.</summary>
    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("/usr/bin/env", ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", program, .. arguments])
        {
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
