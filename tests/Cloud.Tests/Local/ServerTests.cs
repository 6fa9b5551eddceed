using System.Text.Json.Nodes;
using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Local.Processes;
using Dbaas.Cloud.Local.Servers;
using Dbaas.Cloud.Ports;
using Dbaas.Cloud.Processes;
using Dbaas.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static Dbaas.Cloud.Tests.Local.PlaneFixture;

namespace Dbaas.Cloud.Tests.Local;

public sealed class ServerTests
{
    [Fact]
    public async Task Ensuring_a_server_twice_makes_one()
    {
        await using var fixture = new PlaneFixture();
        await fixture.StartServerAsync(Spec("a"));
        var agent = fixture.AgentOf("a");

        var again = await fixture.Plane.Compute.EnsureServerAsync(Spec("a"), Cancellation);

        Assert.Equal(CloudServerState.Active, again.State);
        Assert.Equal(agent, fixture.AgentOf("a"));
        Assert.Equal(["a"], await fixture.Plane.Compute.ListServersAsync(Cancellation));
        Assert.Single((await fixture.SaidAsync("a", "starts")).Split('\n'));
    }

    [Fact]
    public async Task A_restarted_service_finds_its_server_running()
    {
        await using var fixture = new PlaneFixture();
        var address = await fixture.StartServerAsync(Spec("a"));
        var agent = fixture.AgentOf("a");

        fixture.RestartService();
        await fixture.StartServerAsync(Spec("a"));

        Assert.Equal(CloudServerState.Active, (await fixture.Plane.Compute.FindServerAsync("a", Cancellation))?.State);
        Assert.Equal(address, await fixture.Plane.Networks.EnsurePortAsync("a", null, Cancellation));
        Assert.Equal(agent, fixture.AgentOf("a"));
    }

    [Fact]
    public async Task A_dead_agent_is_revived_while_its_database_serves_on()
    {
        await using var fixture = new PlaneFixture();
        var address = await fixture.StartServerAsync(Spec("a"));
        var (agent, database) = (fixture.AgentOf("a"), await fixture.DatabaseOfAsync("a"));
        using var watcher = new AgentWatcher(fixture.Plane.Compute, TimeProvider.System, NullLogger<AgentWatcher>.Instance);
        await watcher.StartAsync(Cancellation);

        ProcessTable.Kill(agent);

        await Eventually.HoldsAsync("another agent runs", Soon, () => AgentProcess.Find(fixture.FolderOf("a")) is { } pid && pid != agent);
        await Eventually.SeeAsync(
            "it read its bootstrap", Soon, () => fixture.SaidAsync("a", "starts"), starts => starts.Split('\n').Length == 2);
        Assert.Equal(database, await fixture.DatabaseOfAsync("a"));
        await ServesAsync(address);
        await watcher.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_and_a_damaged_record_of_another_server_keep_no_agent_from_being_revived()
    {
        await using var fixture = new PlaneFixture();
        await fixture.StartServerAsync(Spec("a"));
        await fixture.StartServerAsync(Spec("b"));
        var record = Directory.GetFiles(fixture.FolderOf("b").Path, "*.json").Single();
        await File.WriteAllTextAsync(record, "{\"half", Cancellation);
        var damaged = await Assert.ThrowsAsync<CloudException>(() => fixture.Plane.Compute.FindServerAsync("b", Cancellation));
        Assert.Equal(("A record of this plane is damaged.", record), (damaged.Message, damaged.Details));
        var clock = new SetClock();
        using var watcher = new AgentWatcher(fixture.Plane.Compute, clock, NullLogger<AgentWatcher>.Instance);
        await watcher.StartAsync(Cancellation);

        for (var death = 0; death < 3; death++)
        {
            // One that is just being started is not seen for a moment.
            var agent = await Eventually.SeeAsync(
                "an agent runs", Soon, () => Task.FromResult(AgentProcess.Find(fixture.FolderOf("a"))), pid => pid is not null);
            ProcessTable.Kill(agent!.Value);
            await Eventually.HoldsAsync(
                $"another agent runs after death {death}", Soon, () => AgentProcess.Find(fixture.FolderOf("a")) is { } pid && pid != agent);
            clock.SetBack(TimeSpan.FromHours(1));
        }

        await watcher.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_server_whose_record_is_damaged_can_be_deleted_and_its_volume_too()
    {
        await using var fixture = new PlaneFixture();
        await fixture.StartServerAsync(Spec("a"));
        await File.WriteAllTextAsync(fixture.FolderOf("a").Record, "{\"half", Cancellation);

        await Eventually.SeeAsync(
            "the server is gone", Soon, () => fixture.Plane.Compute.DeleteServerAsync("a", Cancellation), gone => gone);
        foreach (var volume in await fixture.Plane.Volumes.ListVolumesAsync(Cancellation))
        {
            await Eventually.SeeAsync(
                "the volume is gone", Soon, () => fixture.Plane.Volumes.DeleteVolumeAsync(volume, Cancellation), gone => gone);
        }

        Assert.Empty(await fixture.TracesAsync());
    }

    [Fact]
    public async Task A_server_whose_host_lost_everything_but_its_disk_comes_back()
    {
        // What a restart of the machine does: no process, namespace, mount, bridge or control group is left.
        await using var fixture = new PlaneFixture();
        var address = await fixture.StartServerAsync(Spec("a"));
        File.WriteAllText(Path.Combine(fixture.Paths.MountPoint("a"), "index.html"), "kept");
        var (record, ports) = (fixture.FolderOf("a").Read(), RecordFile.Read<JsonObject>(fixture.Paths.Port("a")));
        Assert.True(await fixture.Plane.Compute.DeleteServerAsync("a", Cancellation));
        await HostCommand.RunAsync("ip", ["link", "delete", fixture.Paths.Bridge], Cancellation);
        Folders.MakePrivate(fixture.FolderOf("a").Path);
        fixture.FolderOf("a").Write(record!);

        fixture.RestartService();
        Assert.Equal(["a"], fixture.Plane.Compute.WithDeadAgent());
        await fixture.Plane.Compute.ReviveAsync("a", Cancellation);

        Assert.NotNull(ports);
        Assert.Equal("kept", (await ServesAsync(address)).Trim());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_resize_that_was_cut_off_before_the_old_processes_ended_ends_them(bool isRevert)
    {
        await using var fixture = new PlaneFixture();
        var address = await fixture.StartServerAsync(Spec("a", flavor: "7"));
        var old = fixture.AgentOf("a");
        var record = fixture.FolderOf("a").Read()!;

        // The service dies behind the first write of it.
        fixture.FolderOf("a").Write(isRevert
            ? record with { Stopped = true }
            : record with { Stopped = true, FlavorId = "9", MemoryMb = 1024, Cpus = 2, OldFlavorId = "7" });
        fixture.RestartService();
        var compute = fixture.Plane.Compute;
        Assert.Empty(compute.WithDeadAgent());
        if (isRevert)
        {
            Assert.True(await compute.RevertResizeAsync("a", Cancellation));
        }
        else
        {
            Assert.Equal(CloudServerState.AwaitsConfirmation, (await compute.ResizeServerAsync("a", "9", Cancellation)).State);
        }

        Assert.NotEqual(old, fixture.AgentOf("a"));
        Assert.Equal(isRevert ? 512 : 1024, (int)RecordFile.Read<JsonObject>(fixture.FolderOf("a").Bootstrap)!["memory_mb"]!);
        await ServesAsync(address);
    }

    [Fact]
    public async Task Servers_cannot_be_kept_on_different_hosts_where_there_is_one()
    {
        await using var fixture = new PlaneFixture();
        await fixture.Plane.Volumes.EnsureVolumeAsync("a", 1, Cancellation);
        await fixture.Plane.Networks.EnsurePortAsync("a", null, Cancellation);

        var fault = await Assert.ThrowsAsync<CloudException>(() => fixture.Plane.Compute.EnsureServerAsync(
            Spec("a") with { Group = new ServerGroup("a", "anti-affinity") }, Cancellation));

        Assert.False(fault.IsTransient);
        Assert.Null(await fixture.Plane.Compute.FindServerAsync("a", Cancellation));
    }

    [Fact]
    public async Task An_agent_that_was_started_but_got_no_bootstrap_is_completed()
    {
        await using var fixture = new PlaneFixture();
        await fixture.StartServerAsync(Spec("a"));
        ProcessTable.Kill(fixture.AgentOf("a"));
        await Eventually.HoldsAsync("the agent is gone", Soon, () => AgentProcess.Find(fixture.FolderOf("a")) is null);

        // The service dies between starting the agent and writing the document: put back what it had done by then.
        var folder = fixture.FolderOf("a");
        File.Delete(folder.Bootstrap);
        await HostCommand.RunAsync(
            "start-stop-daemon",
            [
                "--start", "--background", "--make-pidfile", "--pidfile", folder.PidFile + ".other", "--output", folder.Log, "--startas",
                "/usr/bin/nsenter",
                "--",
                $"--net=/run/netns/{fixture.Paths.Namespace("a")}",
                RealPath.Of(fixture.Options.AgentProgram),
                "--bootstrap",
                folder.Bootstrap,
            ],
            Cancellation);
        File.Delete(folder.PidFile);
        await Eventually.HoldsAsync(
            "the agent is found by its command line",
            Soon,
            () => AgentProcess.Find(folder) is { } pid && ProcessTable.Arguments(pid) is [StandInAgent.Busybox, ..]);
        var waiting = fixture.AgentOf("a");

        fixture.RestartService();
        await fixture.Plane.Compute.EnsureServerAsync(Spec("a"), Cancellation);

        Assert.Equal(waiting, fixture.AgentOf("a"));
        Assert.Contains(waiting, MemoryCgroup.Find(fixture.Paths, TimeProvider.System)!.Processes("a"));
        await Eventually.SeeAsync(
            "it read its bootstrap", Soon, () => fixture.SaidAsync("a", "starts"), starts => starts.Split('\n').Length == 2);
        File.Delete(folder.PidFile + ".other");
    }

    [Fact]
    public async Task The_bootstrap_document_says_what_only_the_plane_knows()
    {
        await using var fixture = new PlaneFixture();
        var address = await fixture.StartServerAsync(Spec("a", flavor: "9"));
        var file = fixture.FolderOf("a").Bootstrap;
        var document = RecordFile.Read<JsonObject>(file)!;

        Assert.Equal(address.ToString(), (string?)document["address"]);
        Assert.Equal(StandInAgent.Port, (int?)document["port"]);
        Assert.Equal(fixture.Paths.MountPoint("a"), (string?)document["volume_path"]);
        Assert.Equal(fixture.FolderOf("a").State, (string?)document["state_path"]);
        Assert.Equal(1024, (int?)document["memory_mb"]);
        Assert.Equal(2, (int?)document["cpus"]);
        Assert.True((int?)document["database_user_id"] >= 200_000);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_process_that_takes_more_memory_than_the_flavor_is_killed_and_one_that_does_not_is_not()
    {
        await using var fixture = new PlaneFixture();
        await fixture.StartServerAsync(Spec("small", flavor: "6", hog: "400M"));
        await fixture.StartServerAsync(Spec("large", flavor: "2", hog: "400M"));

        Assert.Equal("137", await fixture.SaidAsync("small", "hog"));
        Assert.Equal("0", await fixture.SaidAsync("large", "hog"));
    }

    [Fact]
    public async Task A_server_from_an_image_sees_the_image_read_only_and_its_own_folders()
    {
        await using var fixture = new PlaneFixture();
        var address = await fixture.StartServerAsync(Spec("a", image: "small"));

        Assert.Equal("the small image", await fixture.SaidAsync("a", "image"));
        Assert.Equal("no", await fixture.SaidAsync("a", "root-writable"));
        Assert.Equal($"I am {address}", (await ServesAsync(address)).Trim());
        Assert.False(File.Exists(Path.Combine(fixture.Options.Images["small"], "in-root")));

        // An agent that died comes back into the same root.
        ProcessTable.Kill(fixture.AgentOf("a"));
        await Eventually.HoldsAsync("the agent is gone", Soon, () => AgentProcess.Find(fixture.FolderOf("a")) is null);
        var mounts = Mounts();
        await fixture.Plane.Compute.EnsureServerAsync(Spec("a", image: "small"), Cancellation);
        await Eventually.SeeAsync(
            "it read its bootstrap", Soon, () => fixture.SaidAsync("a", "starts"), starts => starts.Split('\n').Length == 2);
        Assert.Equal(mounts, Mounts());

        Assert.True(await fixture.Plane.Compute.DeleteServerAsync("a", Cancellation));
        await fixture.Plane.Volumes.DeleteVolumeAsync("a", Cancellation);
        Assert.Empty(await fixture.TracesAsync());

        IEnumerable<string> Mounts() =>
            MountTable.Read().Where(m => m.IsAtOrBelow(fixture.FolderOf("a").Path)).Select(m => m.Point).ToArray();
    }

    [Theory]
    [InlineData("99", "", "flavor 99")]
    [InlineData("7", "none", "image none")]
    public async Task What_does_not_exist_is_named(string flavor, string image, string expected)
    {
        await using var fixture = new PlaneFixture();
        await fixture.Plane.Volumes.EnsureVolumeAsync("a", 1, Cancellation);
        await fixture.Plane.Networks.EnsurePortAsync("a", null, Cancellation);

        var fault = await Assert.ThrowsAsync<CloudException>(
            () => fixture.Plane.Compute.EnsureServerAsync(Spec("a", flavor, image), Cancellation));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.False(fault.IsTransient);
        Assert.Null(await fixture.Plane.Compute.FindServerAsync("a", Cancellation));
    }

    [Fact]
    public async Task What_an_operator_called_a_folder_is_not_told_to_users()
    {
        await using var fixture = new PlaneFixture();
        await fixture.Plane.Volumes.EnsureVolumeAsync("a", 1, Cancellation);
        await fixture.Plane.Networks.EnsurePortAsync("a", null, Cancellation);
        var image = fixture.Options.Images["small"];
        Directory.Move(image, image + ".away");

        var fault = await Assert.ThrowsAsync<CloudException>(
            () => fixture.Plane.Compute.EnsureServerAsync(Spec("a", image: "small"), Cancellation));

        Assert.DoesNotContain("/", fault.Message, StringComparison.Ordinal);
        Assert.Contains(image, fault.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_never_a_path()
    {
        await using var fixture = new PlaneFixture();

        foreach (var key in new[] { "", "..", "a/b", "../a", ".a", new string('a', 65) })
        {
            await Assert.ThrowsAsync<CloudException>(() => fixture.Plane.Volumes.EnsureVolumeAsync(key, 1, Cancellation));
            await Assert.ThrowsAsync<CloudException>(() => fixture.Plane.Volumes.DeleteVolumeAsync(key, Cancellation));
            await Assert.ThrowsAsync<CloudException>(() => fixture.Plane.Compute.DeleteServerAsync(key, Cancellation));
        }
    }
}
