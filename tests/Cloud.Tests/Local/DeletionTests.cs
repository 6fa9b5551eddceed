using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Local.Processes;
using Dbaas.Cloud.Processes;
using static Dbaas.Cloud.Tests.Local.PlaneFixture;

namespace Dbaas.Cloud.Tests.Local;

public sealed class DeletionTests
{
    public static TheoryData<string> Cuts =>
        ["nothing", "the record", "the namespace", "the volume's mount", "the processes", "the agent's files", "the port", "the link"];

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_deleted_server_leaves_nothing_whatever_was_gone_before(string cut)
    {
        await using var fixture = new PlaneFixture();
        await fixture.StartServerAsync(Spec("a", image: "small"));
        await fixture.StartServerAsync(Spec("other"));
        await CutAsync(fixture, cut);

        fixture.RestartService();
        await DeleteAsync(fixture, "a");
        await DeleteAsync(fixture, "a");

        Assert.Equal("other", Assert.Single(await fixture.Plane.Compute.ListServersAsync(Cancellation)));
        Assert.Equal("other", Assert.Single(await fixture.Plane.Volumes.ListVolumesAsync(Cancellation)));
        await ServesAsync(fixture.Plane.Networks.Find("other")!);
        await DeleteAsync(fixture, "other");
        Assert.Empty(await fixture.TracesAsync());
    }

    [Fact]
    public async Task A_server_whose_deletion_was_cut_off_is_deleted_and_made_anew_when_asked_for_again()
    {
        await using var fixture = new PlaneFixture();
        var address = await fixture.StartServerAsync(Spec("a"));
        File.WriteAllText(Path.Combine(fixture.Paths.MountPoint("a"), "index.html"), "kept");
        var agent = fixture.AgentOf("a");
        var folder = fixture.FolderOf("a");
        folder.Write(folder.Read()! with { Deleting = true });

        fixture.RestartService();
        Assert.Empty(fixture.Plane.Compute.WithDeadAgent());
        await fixture.Plane.Compute.EnsureServerAsync(Spec("a"), Cancellation);

        Assert.False(ProcessTable.IsAlive(agent));
        Assert.Equal("kept", (await ServesAsync(address)).Trim());
    }

    [Fact]
    public async Task A_deleted_server_leaves_its_volume_and_port()
    {
        await using var fixture = new PlaneFixture();
        var address = await fixture.StartServerAsync(Spec("a"));

        Assert.True(await fixture.Plane.Compute.DeleteServerAsync("a", Cancellation));

        Assert.Null(await fixture.Plane.Compute.FindServerAsync("a", Cancellation));
        Assert.Equal(address, fixture.Plane.Networks.Find("a"));
        Assert.Equal(["a"], await fixture.Plane.Volumes.ListVolumesAsync(Cancellation));
        Assert.Equal(address, await fixture.StartServerAsync(Spec("a")));
    }

    [Fact]
    public async Task Removing_everything_finds_also_what_has_no_record()
    {
        await using var fixture = new PlaneFixture();
        await fixture.StartServerAsync(Spec("a", image: "small"));
        await fixture.StartServerAsync(Spec("b"));
        File.Delete(fixture.FolderOf("b").Record);

        await fixture.NewPlane().RemoveEverythingAsync(Cancellation);
        await fixture.NewPlane().RemoveEverythingAsync(Cancellation);

        Assert.Empty(await fixture.TracesAsync());
        Assert.False(Directory.Exists("/sys/class/net/" + fixture.Paths.Bridge));
        Assert.False(Directory.Exists(fixture.Paths.Root));
        Assert.False(Directory.Exists(fixture.Paths.Run));
    }

    private static async Task DeleteAsync(PlaneFixture fixture, string key)
    {
        Assert.True(await fixture.Plane.Compute.DeleteServerAsync(key, Cancellation));
        await fixture.Plane.Volumes.DeleteVolumeAsync(key, Cancellation);
        await fixture.Plane.Networks.DeletePortAsync(key, Cancellation);
    }

    /// <summary>Removes one part behind the plane's back, as a deletion or a creation that was cut off would have.</summary>
    private static async Task CutAsync(PlaneFixture fixture, string cut)
    {
        var paths = fixture.Paths;
        switch (cut)
        {
            case "the record":
                File.Delete(fixture.FolderOf("a").Record);
                break;
            case "the namespace":
                await HostCommand.RunAsync("ip", ["netns", "delete", paths.Namespace("a")], Cancellation);
                break;
            case "the volume's mount":
                await HostCommand.RunAsync("umount", ["-l", paths.MountPoint("a")], Cancellation);
                break;
            case "the processes":
                foreach (var pid in MemoryCgroup.Find(paths, TimeProvider.System)!.Processes("a"))
                {
                    ProcessTable.Kill(pid);
                }

                break;
            case "the agent's files":
                File.Delete(fixture.FolderOf("a").PidFile);
                File.Delete(fixture.FolderOf("a").Bootstrap);
                break;
            case "the port":
                await fixture.Plane.Networks.DeletePortAsync("a", Cancellation);
                break;
            case "the link":
                var address = fixture.Plane.Networks.Find("a")!;
                await HostCommand.RunAsync("ip", ["link", "delete", paths.HostLink(address.GetAddressBytes()[3])], Cancellation);
                break;
        }
    }
}
