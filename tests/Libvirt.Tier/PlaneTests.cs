using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Cloud.Ports;

namespace Dbaas.Libvirt.Tier;

/// <summary>The ports, with machines that only have power: no guest is waited for.</summary>
public sealed class PlaneTests : IAsyncLifetime
{
    private static readonly PortAccess Access = new() { TcpPorts = [3306] };
    private readonly string _deployment = Guid.CreateVersion7().ToString();
    private Plane _plane = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _plane = await NewPlaneAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var key in await _plane.Compute.ListServersAsync(Cancel))
        {
            await _plane.Compute.DeleteServerAsync(key, Cancel);
        }

        foreach (var key in await _plane.Networks.ListPortsAsync(Cancel))
        {
            await _plane.Networks.DeletePortAsync(key, Cancel);
        }

        foreach (var key in await _plane.Volumes.ListVolumesAsync(Cancel))
        {
            await _plane.Volumes.DeleteVolumeAsync(key, Cancel);
        }

        await _plane.DisposeAsync();
    }

    [Fact]
    public async Task A_server_is_made_once_found_again_by_another_service_process_and_leaves_nothing()
    {
        var (port, server) = await _plane.MakeServerAsync("one", [], Access, Cancel);
        Assert.Equal((CloudServerState.Active, "small", 1), (server.State, server.FlavorId, server.Build));

        await using (var restarted = await NewPlaneAsync())
        {
            var (samePort, same) = await restarted.MakeServerAsync("one", [], Access, Cancel);
            Assert.Equal(server, same with { NotEnforced = server.NotEnforced });
            Assert.Equal(port.Address, samePort.Address);
            Assert.Equal(["one"], await restarted.Compute.ListServersAsync(Cancel));
            Assert.Equal(["one"], await restarted.Volumes.ListVolumesAsync(Cancel));
            Assert.Equal(["one"], await restarted.Networks.ListPortsAsync(Cancel));
        }

        await _plane.RemoveAsync("one", Cancel);
        await _plane.RemoveAsync("one", Cancel);
        Assert.Null(await _plane.Compute.FindServerAsync("one", Cancel));
        Assert.Null(await _plane.Volumes.FindVolumeAsync("one", Cancel));
        Assert.Empty(await _plane.Networks.ListPortsAsync(Cancel));
        Assert.DoesNotContain("one", await Lab.RunAsync("virsh", "-q", "vol-list", "dbaas"), StringComparison.Ordinal);
        Assert.DoesNotContain("-one", await Lab.RunAsync("virsh", "-q", "nwfilter-list"), StringComparison.Ordinal);
    }

    /// <summary>libvirt does not forget such a machine when it is only told to.</summary>
    [Fact]
    public async Task A_server_that_an_operator_saved_or_took_a_snapshot_of_is_deleted_too()
    {
        foreach (var make in new Func<string, Task>[]
        {
            name => Lab.RunAsync("virsh", "-q", "managedsave", name),
            name => Lab.RunAsync(
                "virsh", "-q", "snapshot-create-as", name, "before", "--disk-only",
                "--diskspec", $"vda,snapshot=external,file={Path.Combine(Lab.Folder, "before.qcow2")}", "--diskspec", "vdb,snapshot=no"),
        })
        {
            await _plane.MakeServerAsync("one", [], Access, Cancel);
            var machines = await Lab.RunAsync("virsh", "-q", "list", "--all", "--name");
            await make(machines.Split('\n').Single(name => name.EndsWith("-one", StringComparison.Ordinal)));

            Assert.True(await _plane.Compute.DeleteServerAsync("one", Cancel));
            Assert.DoesNotContain("-one", await Lab.RunAsync("virsh", "-q", "list", "--all", "--name"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Two_deployments_do_not_see_each_other()
    {
        await _plane.MakeServerAsync("one", [], Access, Cancel);

        await using var other = new Plane("another", await Lab.EmptyImageAsync(), TimeSpan.FromSeconds(2), Flavors);

        Assert.Empty(await other.Compute.ListServersAsync(Cancel));
        Assert.Null(await other.Compute.FindServerAsync("one", Cancel));
        Assert.True(await other.Compute.DeleteServerAsync("one", Cancel));
        Assert.NotNull(await _plane.Compute.FindServerAsync("one", Cancel));
    }

    [Fact]
    public async Task A_fenced_server_is_off_and_a_start_gives_it_its_power_back()
    {
        await _plane.MakeServerAsync("one", [], Access, Cancel);

        await _plane.Compute.FenceAsync("one", Cancel);
        Assert.Equal(CloudServerState.Stopped, (await _plane.Compute.FindServerAsync("one", Cancel))!.State);
        Assert.True(await _plane.Compute.StopServerAsync("one", Cancel));

        Assert.True(await _plane.Compute.StartServerAsync("one", Cancel));
        Assert.Equal(CloudServerState.Active, (await _plane.Compute.FindServerAsync("one", Cancel))!.State);
        await _plane.Compute.RebootServerAsync("one", RebootKind.Hard, Cancel);
        Assert.Equal(CloudServerState.Active, (await _plane.Compute.FindServerAsync("one", Cancel))!.State);
    }

    [Fact]
    public async Task A_resize_waits_to_be_confirmed_and_can_be_taken_back()
    {
        await _plane.MakeServerAsync("one", [], Access, Cancel);

        Assert.Equal(CloudServerState.AwaitsConfirmation, (await _plane.Compute.ResizeServerAsync("one", "large", Cancel)).State);
        Assert.Equal(128, await MemoryMbAsync());
        Assert.True(await _plane.Compute.RevertResizeAsync("one", Cancel));
        var reverted = await _plane.Compute.FindServerAsync("one", Cancel);
        Assert.Equal((CloudServerState.Active, "small"), (reverted!.State, reverted.FlavorId));
        Assert.Equal(64, await MemoryMbAsync());

        await _plane.Compute.ResizeServerAsync("one", "large", Cancel);
        Assert.True(await _plane.Compute.ConfirmResizeAsync("one", Cancel));
        var confirmed = await _plane.Compute.ResizeServerAsync("one", "large", Cancel);
        Assert.Equal((CloudServerState.Active, "large"), (confirmed.State, confirmed.FlavorId));
        Assert.Equal(128, await MemoryMbAsync());
    }

    [Fact]
    public async Task A_resize_that_libvirt_refuses_leaves_the_server_as_it_was_and_says_why()
    {
        await _plane.MakeServerAsync("one", [], Access, Cancel);

        var server = await _plane.Compute.ResizeServerAsync("one", "impossible", Cancel);

        Assert.Equal((CloudServerState.Active, "small"), (server.State, server.FlavorId));
        Assert.NotNull(server.Detail);
    }

    [Fact]
    public async Task A_volume_grows_while_its_server_runs_and_never_shrinks()
    {
        await _plane.MakeServerAsync("one", [], Access, Cancel);

        var grown = await _plane.Volumes.EnsureVolumeAsync(new VolumeSpec { Key = "one", SizeGb = 2 }, Cancel);
        Assert.Equal((2, VolumeState.Ready), (grown.SizeGb, grown.State));
        Assert.Equal(2, (await _plane.Volumes.EnsureVolumeAsync(new VolumeSpec { Key = "one", SizeGb = 1 }, Cancel)).SizeGb);

        await _plane.Compute.FenceAsync("one", Cancel);
        Assert.Equal(3, (await _plane.Volumes.EnsureVolumeAsync(new VolumeSpec { Key = "one", SizeGb = 3 }, Cancel)).SizeGb);
    }

    [Fact]
    public async Task A_rebuild_gives_another_root_disk_and_keeps_volume_and_address()
    {
        var (port, _) = await _plane.MakeServerAsync("one", new JsonObject { ["enrolment_secret"] = "first" }, Access, Cancel);
        var volume = await _plane.Volumes.FindVolumeAsync("one", Cancel);

        for (var repeated = 0; repeated < 2; repeated++)
        {
            var rebuilt = await _plane.Compute.RebuildServerAsync(
                Plane.Spec("one", new JsonObject { ["enrolment_secret"] = "second" }, build: 2), Cancel);
            Assert.Equal((CloudServerState.Active, 2), (rebuilt.State, rebuilt.Build));
        }

        Assert.Equal(volume, await _plane.Volumes.FindVolumeAsync("one", Cancel));
        Assert.Equal(port.Address, (await _plane.Networks.EnsurePortAsync(new PortSpec { Key = "one", Access = Access }, Cancel)).Address);
        var disks = await Lab.RunAsync("virsh", "-q", "vol-list", "dbaas");
        Assert.Contains("-one.root-2", disks, StringComparison.Ordinal);
        Assert.DoesNotContain("-one.root-1", disks, StringComparison.Ordinal);
        Assert.DoesNotContain("-one.config-1", disks, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ports_have_addresses_of_their_own_and_a_filter_that_follows_the_access()
    {
        var first = await _plane.Networks.EnsurePortAsync(new PortSpec { Key = "one", Access = Access }, Cancel);
        var second = await _plane.Networks.EnsurePortAsync(new PortSpec { Key = "two", Access = Access }, Cancel);
        Assert.NotEqual(first.Address, second.Address);

        await _plane.Networks.EnsureAccessAsync("two", Access with { AllowedCidrs = ["192.0.2.0/24"] }, Cancel);
        var filters = await Lab.RunAsync("virsh", "-q", "nwfilter-list");
        var name = filters.Split('\n').Select(line => line.Split(' ')[^1]).Single(n => n.EndsWith("-two", StringComparison.Ordinal));
        Assert.Contains("192.0.2.0", await Lab.RunAsync("virsh", "nwfilter-dumpxml", name), StringComparison.Ordinal);

        var taken = await Assert.ThrowsAsync<CloudException>(() => _plane.Networks.EnsurePortAsync(
            new PortSpec { Key = "three", Access = Access, RequestedAddress = first.Address }, Cancel));
        Assert.False(taken.IsTransient);
        var asked = IPAddress.Parse(first.Address.ToString()[..first.Address.ToString().LastIndexOf('.')] + ".77");
        Assert.Equal(asked, (await _plane.Networks.EnsurePortAsync(
            new PortSpec { Key = "three", Access = Access, RequestedAddress = asked }, Cancel)).Address);
    }

    [Fact]
    public async Task What_does_not_exist_is_said_in_a_sentence_and_not_tried_again()
    {
        await _plane.Networks.EnsurePortAsync(new PortSpec { Key = "one", Access = Access }, Cancel);
        await _plane.Volumes.EnsureVolumeAsync(new VolumeSpec { Key = "one", SizeGb = 1 }, Cancel);

        foreach (var spec in new[]
        {
            Plane.Spec("one", []) with { FlavorId = "none" },
            Plane.Spec("one", []) with { Image = "none" },
            Plane.Spec("one", []) with { VolumeKey = "none" },
            Plane.Spec("one", []) with { PortKey = "none" },
        })
        {
            Assert.False((await Assert.ThrowsAsync<CloudException>(() => _plane.Compute.EnsureServerAsync(spec, Cancel))).IsTransient);
        }

        Assert.False((await Assert.ThrowsAsync<CloudException>(() => _plane.Networks.EnsurePortAsync(
            new PortSpec { Key = "two", Access = Access, NetworkId = "none" }, Cancel))).IsTransient);
        Assert.Null(await _plane.Compute.FindServerAsync("one", Cancel));
    }

    private static CloudFlavor[] Flavors =>
        [new("small", "small", 64, 1, 0), new("large", "large", 128, 1, 0), new("impossible", "impossible", 1 << 24, 1, 0)];

    private async Task<Plane> NewPlaneAsync() => new(_deployment, await Lab.EmptyImageAsync(), TimeSpan.FromSeconds(2), Flavors);

    private async Task<int> MemoryMbAsync()
    {
        var name = (await _plane.Compute.FindServerAsync("one", Cancel))!.Id;
        var line = (await Lab.RunAsync("virsh", "dominfo", name))
            .Split('\n')
            .Single(l => l.StartsWith("Max memory:", StringComparison.Ordinal));
        return int.Parse(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2], System.Globalization.CultureInfo.InvariantCulture) / 1024;
    }
}
