using System.Diagnostics;
using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Ports;
using Dbaas.Cloud.Processes;
using Dbaas.Testing;
using static Dbaas.Cloud.Tests.Local.PlaneFixture;

namespace Dbaas.Cloud.Tests.Local;

public sealed class VolumeTests
{
    private const long Megabyte = 1 << 20;

    [Fact]
    public async Task A_volume_is_as_large_as_asked_for_and_no_larger()
    {
        await using var fixture = new PlaneFixture();
        await fixture.Plane.Volumes.EnsureVolumeAsync("v", 1, Cancellation);
        var folder = await fixture.Plane.Volumes.AttachAsync("v", null, Cancellation);

        Allocate(Path.Combine(folder, "fits"), 900 * Megabyte);

        Assert.Equal(1024 * Megabyte, new FileInfo(Path.Combine(fixture.Paths.Volume("v"), "v.img")).Length);
        Assert.InRange(new DriveInfo(folder).TotalSize, 900 * Megabyte, 1024 * Megabyte);
        Assert.ThrowsAny<IOException>(() => Allocate(Path.Combine(folder, "does-not"), 200 * Megabyte));
    }

    [Fact]
    public async Task A_volume_that_its_database_has_filled_has_room_for_the_agents_records()
    {
        const int user = 60123;
        await using var fixture = new PlaneFixture();
        await fixture.Plane.Volumes.EnsureVolumeAsync("v", 1, Cancellation);
        var folder = await fixture.Plane.Volumes.AttachAsync("v", user, Cancellation);
        var files = 0;
        for (var size = 512 * Megabyte; size >= 4096; size /= 2)
        {
            while (await TakesAsync(size))
            {
            }
        }

        File.WriteAllBytes(Path.Combine(folder, "record"), new byte[256 * 1024]);
        Assert.False(await TakesAsync(4096));

        async Task<bool> TakesAsync(long size) => (await HostCommand.TryAsync(
            "setpriv",
            [
                "--reuid", $"{user}", "--regid", $"{user}", "--clear-groups",
                "--", "fallocate", "-l", $"{size}", Path.Combine(folder, $"data{files++}"),
            ],
            Cancellation)).ExitCode == 0;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_volume_grows_and_keeps_what_is_on_it(bool mounted)
    {
        await using var fixture = new PlaneFixture();
        await fixture.Plane.Volumes.EnsureVolumeAsync("v", 1, Cancellation);
        var folder = await fixture.Plane.Volumes.AttachAsync("v", null, Cancellation);
        File.WriteAllText(Path.Combine(folder, "kept"), "kept");
        if (!mounted)
        {
            await fixture.Plane.Volumes.DetachAsync("v", Cancellation);
        }

        await fixture.Plane.Volumes.EnsureVolumeAsync("v", 2, Cancellation);
        await fixture.Plane.Volumes.EnsureVolumeAsync("v", 1, Cancellation);

        Assert.Equal(mounted, MountTable.At(folder) is not null);
        await fixture.Plane.Volumes.AttachAsync("v", null, Cancellation);
        Assert.Equal("kept", File.ReadAllText(Path.Combine(folder, "kept")));
        Allocate(Path.Combine(folder, "fits-now"), 1500 * Megabyte);
    }

    [Fact]
    public async Task A_volume_in_use_grows_or_says_why_it_cannot_here()
    {
        await using var fixture = new PlaneFixture();
        var address = await fixture.StartServerAsync(Spec("v"));
        var folder = fixture.Paths.MountPoint("v");
        using (File.OpenRead(Path.Combine(folder, "index.html")))
        {
            if (HostPowers.CanGrowMounted())
            {
                await fixture.Plane.Volumes.EnsureVolumeAsync("v", 2, Cancellation);
            }
            else
            {
                var volume = await fixture.Plane.Volumes.EnsureVolumeAsync("v", 2, Cancellation);
                Assert.Equal((1, VolumeState.NeedsServerStopped), (volume.SizeGb, volume.State));
            }

            await ServesAsync(address);
        }

        Assert.True(await fixture.Plane.Compute.DeleteServerAsync("v", Cancellation));
        await fixture.Plane.Volumes.EnsureVolumeAsync("v", 2, Cancellation);
        await fixture.Plane.Volumes.AttachAsync("v", null, Cancellation);
        Assert.StartsWith("I am", File.ReadAllText(Path.Combine(folder, "index.html")), StringComparison.Ordinal);
        Assert.InRange(new DriveInfo(folder).TotalSize, 1900 * Megabyte, 2048 * Megabyte);
    }

    [Fact]
    public async Task A_growth_that_was_cut_off_is_completed()
    {
        await using var fixture = new PlaneFixture();
        await fixture.Plane.Volumes.EnsureVolumeAsync("v", 1, Cancellation);
        var folder = await fixture.Plane.Volumes.AttachAsync("v", null, Cancellation);
        using (var image = File.OpenWrite(Path.Combine(fixture.Paths.Volume("v"), "v.img")))
        {
            image.SetLength(2048 * Megabyte);
        }

        fixture.RestartService();
        await fixture.Plane.Volumes.EnsureVolumeAsync("v", 2, Cancellation);

        Assert.InRange(new DriveInfo(folder).TotalSize, 1900 * Megabyte, 2048 * Megabyte);
    }

    [Fact]
    public async Task A_growth_goes_on_to_its_end_when_its_caller_gives_up()
    {
        await using var fixture = new PlaneFixture();
        await fixture.Plane.Volumes.EnsureVolumeAsync("v", 1, Cancellation);
        using var gaveUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        // Some seconds of work.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.Plane.Volumes.EnsureVolumeAsync("v", 4000, gaveUp.Token));

        var volume = await Eventually.SeeAsync(
            "the volume has grown",
            TimeSpan.FromMinutes(2),
            () => fixture.Plane.Volumes.FindVolumeAsync("v", Cancellation),
            seen => seen!.SizeGb == 4000);
        Assert.Equal(VolumeState.Ready, volume!.State);
        var folder = await fixture.Plane.Volumes.AttachAsync("v", null, Cancellation);
        Assert.InRange(new DriveInfo(folder).TotalSize, 3900L * 1024 * Megabyte, 4000L * 1024 * Megabyte);
    }

    [Fact]
    public async Task A_volume_whose_file_system_somebody_works_on_is_neither_mounted_nor_grown()
    {
        await using var fixture = new PlaneFixture();
        await fixture.Plane.Volumes.EnsureVolumeAsync("v", 1, Cancellation);
        await fixture.Plane.Volumes.DetachAsync("v", Cancellation);
        using (new FileStream(Path.Combine(fixture.Paths.Volume("v"), "v.img"), FileMode.Open, FileAccess.Read, FileShare.None))
        {
            // The lock that a program holds which a killed service has left behind.
            var mount = await Assert.ThrowsAsync<CloudException>(() => fixture.Plane.Volumes.AttachAsync("v", null, Cancellation));
            Assert.True(mount.IsTransient);
            var growth = await Assert.ThrowsAsync<CloudException>(() => fixture.Plane.Volumes.EnsureVolumeAsync("v", 2, Cancellation));
            Assert.Contains("still works on", growth.Message, StringComparison.Ordinal);
        }

        Assert.Equal(2, (await fixture.Plane.Volumes.EnsureVolumeAsync("v", 2, Cancellation)).SizeGb);
    }

    [Fact]
    public async Task The_volume_of_a_server_with_an_image_grows_when_the_server_is_stopped()
    {
        await using var fixture = new PlaneFixture();
        await fixture.StartServerAsync(Spec("v", image: "small"));
        Assert.True(await fixture.Plane.Compute.StopServerAsync("v", Cancellation));

        var volume = await fixture.Plane.Volumes.EnsureVolumeAsync("v", 2, Cancellation);

        Assert.Equal((2, VolumeState.Ready), (volume.SizeGb, volume.State));
        Assert.True(await fixture.Plane.Compute.StartServerAsync("v", Cancellation));
        await ServesAsync((await fixture.Plane.Networks.EnsurePortAsync("v", null, Cancellation)));
    }

    [Fact]
    public async Task A_volume_is_never_formatted_again()
    {
        await using var fixture = new PlaneFixture();
        await fixture.Plane.Volumes.EnsureVolumeAsync("v", 1, Cancellation);
        var folder = await fixture.Plane.Volumes.AttachAsync("v", null, Cancellation);
        File.WriteAllText(Path.Combine(folder, "kept"), "kept");
        await fixture.Plane.Volumes.DetachAsync("v", Cancellation);

        // Its record is what a service that dies right after the format does not get to write.
        File.Delete(Path.Combine(fixture.Paths.Volume("v"), "volume.json"));
        File.WriteAllText(Path.Combine(fixture.Paths.Volume("v"), "v.img.new"), "an unfinished one");
        fixture.RestartService();
        await fixture.Plane.Volumes.EnsureVolumeAsync("v", 1, Cancellation);

        await fixture.Plane.Volumes.AttachAsync("v", null, Cancellation);
        Assert.Equal("kept", File.ReadAllText(Path.Combine(folder, "kept")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_volume_with_faults_is_mended_before_it_is_used_or_grown_and_has_what_was_on_it(bool isGrown)
    {
        await using var fixture = new PlaneFixture();
        await fixture.Plane.Volumes.EnsureVolumeAsync("v", 1, Cancellation);
        File.WriteAllText(Path.Combine(await fixture.Plane.Volumes.AttachAsync("v", null, Cancellation), "kept"), "kept");
        await fixture.Plane.Volumes.DetachAsync("v", Cancellation);
        var image = Path.Combine(fixture.Paths.Volume("v"), "v.img");

        // Errors were seen on it, and more blocks are free than there are.
        await HostCommand.RunAsync("debugfs", ["-w", "-R", "set_super_value state 2", image], Cancellation);
        await HostCommand.RunAsync("debugfs", ["-w", "-R", "set_super_value free_blocks_count 1", image], Cancellation);
        fixture.RestartService();
        if (isGrown)
        {
            await fixture.Plane.Volumes.EnsureVolumeAsync("v", 2, Cancellation);
        }

        Assert.Equal("kept", File.ReadAllText(Path.Combine(await fixture.Plane.Volumes.AttachAsync("v", null, Cancellation), "kept")));
        await fixture.Plane.Volumes.DetachAsync("v", Cancellation);
        Assert.Contains(
            "Filesystem state:         clean",
            await HostCommand.RunAsync("dumpe2fs", ["-h", image], Cancellation),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_volume_that_cannot_be_mended_by_itself_is_refused_with_what_is_wrong_and_left_as_it_is()
    {
        await using var fixture = new PlaneFixture();
        await fixture.Plane.Volumes.EnsureVolumeAsync("v", 1, Cancellation);
        File.WriteAllText(Path.Combine(await fixture.Plane.Volumes.AttachAsync("v", null, Cancellation), "kept"), "kept");
        await fixture.Plane.Volumes.DetachAsync("v", Cancellation);
        var image = Path.Combine(fixture.Paths.Volume("v"), "v.img");
        using (var file = File.OpenHandle(image, access: FileAccess.ReadWrite))
        {
            RandomAccess.Write(file, new byte[1024], 1024);
        }

        fixture.RestartService();
        foreach (var use in new Func<Task>[]
        {
            () => fixture.Plane.Volumes.AttachAsync("v", null, Cancellation),
            () => fixture.Plane.Volumes.EnsureVolumeAsync("v", 2, Cancellation),
        })
        {
            var refusal = await Assert.ThrowsAsync<CloudException>(use);
            Assert.False(refusal.IsTransient);
            Assert.Contains("has faults that are not mended by themselves", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("uperblock", refusal.Details, StringComparison.OrdinalIgnoreCase);
        }

        await HostCommand.TryAsync("e2fsck", ["-y", "-b", "32768", "-B", "4096", image], Cancellation);
        Assert.Equal("kept", File.ReadAllText(Path.Combine(await fixture.Plane.Volumes.AttachAsync("v", null, Cancellation), "kept")));
    }

    [Fact]
    public async Task A_volume_whose_image_was_lost_is_not_replaced_by_an_empty_one()
    {
        await using var fixture = new PlaneFixture();
        await fixture.Plane.Volumes.EnsureVolumeAsync("v", 1, Cancellation);
        File.Delete(Path.Combine(fixture.Paths.Volume("v"), "v.img"));

        var fault = await Assert.ThrowsAsync<CloudException>(() => fixture.Plane.Volumes.EnsureVolumeAsync("v", 1, Cancellation));

        Assert.False(fault.IsTransient);
        await fixture.Plane.Volumes.DeleteVolumeAsync("v", Cancellation);
        Assert.Empty(await fixture.TracesAsync());
    }

    [Fact]
    public async Task A_volume_that_was_cut_off_while_being_made_is_made()
    {
        await using var fixture = new PlaneFixture();
        Folders.MakePrivate(fixture.Paths.Volume("v"));
        File.WriteAllText(Path.Combine(fixture.Paths.Volume("v"), "v.img.new"), "half a file system");

        await fixture.Plane.Volumes.EnsureVolumeAsync("v", 1, Cancellation);

        Assert.True(Directory.Exists(await fixture.Plane.Volumes.AttachAsync("v", null, Cancellation)));
        Assert.Equal(["v"], await fixture.Plane.Volumes.ListVolumesAsync(Cancellation));
    }

    [Fact]
    public async Task A_volume_belongs_to_the_user_of_its_server_alone_with_all_that_is_on_it()
    {
        await using var fixture = new PlaneFixture();
        await fixture.Plane.Volumes.EnsureVolumeAsync("v", 1, Cancellation);
        var folder = await fixture.Plane.Volumes.AttachAsync("v", 300_001, Cancellation);

        Assert.True(await MayAsync(300_001, "mkdir", Path.Combine(folder, "data")));
        Assert.False(await MayAsync(300_002, "ls", folder));

        await fixture.Plane.Volumes.AttachAsync("v", 300_002, Cancellation);
        Assert.True(await MayAsync(300_002, "rmdir", Path.Combine(folder, "data")));
        Assert.False(await MayAsync(300_001, "ls", folder));
    }

    [Fact]
    public async Task Even_a_large_volume_is_made_at_once()
    {
        // 20 to 60 ms on an idle machine; the bound only shows that no table is written in full.
        await using var fixture = new PlaneFixture();
        await fixture.Plane.Volumes.EnsureVolumeAsync("first", 100, Cancellation);
        var watch = Stopwatch.StartNew();

        await fixture.Plane.Volumes.EnsureVolumeAsync("second", 100, Cancellation);

        TestContext.Current.TestOutputHelper?.WriteLine($"{watch.ElapsedMilliseconds} ms");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private static void Allocate(string file, long bytes)
    {
        using var stream = new FileStream(
            file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, PreallocationSize = bytes });
    }

    internal static async Task<bool> MayAsync(int user, string program, string argument) => (await HostCommand.TryAsync(
        "setpriv",
        [$"--reuid={user}", $"--regid={user}", "--clear-groups", StandInAgent.Busybox, program, argument],
        Cancellation)).IsSuccess;
}
