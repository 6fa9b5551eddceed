using System.Net;
using Dbaas.Cloud.Local;
using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Local.Processes;
using Dbaas.Cloud.Ports;
using Microsoft.Extensions.DependencyInjection;
using static Dbaas.Cloud.Tests.Local.PlaneFixture;

namespace Dbaas.Cloud.Tests.Local;

/// <summary>
/// The plane as it is without the right to make namespaces and mounts: for others than root, and for root in an ordinary container.
/// </summary>
public sealed class PlainPlaneTests
{
    [Fact]
    public async Task A_server_is_a_process_with_an_address_of_its_own_and_says_what_is_not_enforced()
    {
        await using var fixture = new PlaneFixture(isolated: false);
        var address = await fixture.StartServerAsync(Spec("a"));
        var server = await fixture.Plane.Compute.FindServerAsync("a", Cancellation);

        Assert.Equal([127, 88], address.GetAddressBytes()[..2]);
        Assert.Equal(IPAddress.Loopback, await fixture.Plane.Networks.EnsureHostAddressAsync(Cancellation));
        Assert.Equal(CloudServerState.Active, server?.State);
        foreach (var word in new[] { "volume size", "memory", "network isolation", "access" })
        {
            Assert.Contains(server!.NotEnforced, sentence => sentence.StartsWith(word, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Roots_servers_have_a_user_of_their_own_who_reaches_the_volume_and_nobody_elses()
    {
        await using var fixture = new PlaneFixture(isolated: false);
        await fixture.StartServerAsync(Spec("a"));
        await fixture.StartServerAsync(Spec("b"));

        var (a, b) = (fixture.FolderOf("a").Read()!.UserId!.Value, fixture.FolderOf("b").Read()!.UserId!.Value);
        Assert.NotEqual(a, b);
        var volume = await fixture.Plane.Volumes.AttachAsync("a", a, Cancellation);
        Assert.True(await VolumeTests.MayAsync(a, "mkdir", Path.Combine(volume, "data")));
        Assert.False(await VolumeTests.MayAsync(b, "ls", volume));
        Assert.False(await VolumeTests.MayAsync(a, "ls", fixture.FolderOf("a").State));
    }

    [Fact]
    public async Task A_deleted_server_leaves_nothing_also_when_its_agent_died_before()
    {
        await using var fixture = new PlaneFixture(isolated: false);
        await fixture.StartServerAsync(Spec("a"));
        ProcessTable.Kill(fixture.AgentOf("a"));

        Assert.True(await fixture.Plane.Compute.DeleteServerAsync("a", Cancellation));
        await fixture.Plane.Volumes.DeleteVolumeAsync("a", Cancellation);

        Assert.Empty(await fixture.TracesAsync());
    }

    [Fact]
    public async Task Services_side_by_side_take_different_addresses()
    {
        await using var one = new PlaneFixture(isolated: false);
        await using var two = new PlaneFixture(isolated: false);

        var addresses = await Task.WhenAll(one.StartServerAsync(Spec("a")), two.StartServerAsync(Spec("a")));

        Assert.NotEqual(addresses[0], addresses[1]);
    }

    [Fact]
    public async Task A_server_from_an_image_is_refused()
    {
        await using var fixture = new PlaneFixture(isolated: false);
        await fixture.Plane.Volumes.EnsureVolumeAsync("a", 1, Cancellation);
        await fixture.Plane.Networks.EnsurePortAsync("a", null, Cancellation);

        await Assert.ThrowsAsync<CloudException>(() => fixture.Plane.Compute.EnsureServerAsync(Spec("a", image: "small"), Cancellation));
    }

    /// <summary>By a root who could keep them apart: the service's trial may have been refused when they were made.</summary>
    [Fact]
    public async Task Servers_that_are_not_kept_apart_go_with_everything_whoever_removes_it()
    {
        await using var fixture = new PlaneFixture(isolated: false);
        await fixture.StartServerAsync(Spec("a"));
        var agent = fixture.AgentOf("a");

        await LocalPlane.RemoveEverythingAsync(fixture.Options.StatePath, Cancellation);

        Assert.False(ProcessTable.IsAlive(agent));
        Assert.Empty(await fixture.TracesAsync());
    }

    [Fact]
    public async Task A_state_folder_made_as_root_is_not_used_without()
    {
        await using var fixture = new PlaneFixture();
        await fixture.Plane.Networks.EnsureHostAddressAsync(Cancellation);
        var without = new LocalPlaneParts(fixture.Options with { NotIsolatedBecause = "the moon is full" }, TimeProvider.System);

        var refused = await Assert.ThrowsAsync<CloudException>(() => without.Networks.EnsureHostAddressAsync(Cancellation));

        Assert.False(refused.IsTransient);
        Assert.Contains("the moon is full", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ports_come_from_the_service_container()
    {
        await using var fixture = new PlaneFixture();
        await using var services = new ServiceCollection().AddLogging().AddLocalPlane(fixture.Options).BuildServiceProvider();

        Assert.Equal(10, (await services.GetRequiredService<ICompute>().ListFlavorsAsync(Cancellation)).Count);
        Assert.Equal(["nova"], await services.GetRequiredService<ICompute>().ListZonesAsync(Cancellation));
        Assert.Empty(await services.GetRequiredService<IVolumes>().ListVolumesAsync(Cancellation));
        Assert.NotNull(services.GetRequiredService<INetworks>());
        Assert.Single(services.GetServices<Microsoft.Extensions.Hosting.IHostedService>());
    }

    [Fact]
    public void The_table_of_mounts_is_read_with_its_escapes()
    {
        var mount = MountTable.Parse(@"36 35 7:0 / /srv/a\040b ro,nosuid shared:1 - ext4 /dev/loop0 rw,errors=continue");

        Assert.Equal(new Mount("/srv/a b", IsReadOnly: true, "ext4", "/dev/loop0", "rw,errors=continue"), mount);
        Assert.True(mount.IsAtOrBelow("/srv"));
        Assert.False(mount.IsAtOrBelow("/srv/a"));
    }
}
