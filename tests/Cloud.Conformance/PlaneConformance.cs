using Dbaas.Cloud.Ports;
using Xunit;
using static Dbaas.Cloud.Conformance.PlaneDriver;

namespace Dbaas.Cloud.Conformance;

/// <summary>What every plane keeps to. A plane's own test project derives from it.</summary>
public abstract class PlaneConformance
{
    /// <summary>Of the test that runs.</summary>
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A plane with nothing of ours on it.</summary>
    protected abstract Task<IPlaneUnderTest> OpenAsync();

    [Fact]
    public async Task A_server_lives_once_whatever_is_repeated_and_leaves_nothing()
    {
        await using var plane = await OpenAsync();
        var port = await plane.MakeAsync(plane.Spec("a"), Cancellation);
        var first = await plane.Compute.FindServerAsync("a", Cancellation);

        plane.RestartService();
        var portAgain = await plane.MakeAsync(plane.Spec("a"), Cancellation);
        var again = await plane.Compute.FindServerAsync("a", Cancellation);

        Assert.Equal(first?.Id, again?.Id);
        Assert.Equal((1, plane.Flavor, CloudServerState.Active), (again?.Build, again?.FlavorId, again?.State));
        Assert.Equal(port.Address, portAgain.Address);
        Assert.Equal(["a"], await plane.Compute.ListServersAsync(Cancellation));
        Assert.Equal(["a"], await plane.Volumes.ListVolumesAsync(Cancellation));
        Assert.Equal(["a"], await plane.Networks.ListPortsAsync(Cancellation));
        await plane.RemoveAsync("a", Cancellation);
        await plane.RemoveAsync("a", Cancellation);
        Assert.Empty(await plane.TracesAsync());
    }

    [Fact]
    public async Task A_deleted_server_leaves_its_volume_and_port_to_the_next_one()
    {
        await using var plane = await OpenAsync();
        var port = await plane.MakeAsync(plane.Spec("a"), Cancellation);
        var volume = await plane.Volumes.FindVolumeAsync("a", Cancellation);

        await DoneAsync("the server is gone", () => plane.Compute.DeleteServerAsync("a", Cancellation));

        Assert.Null(await plane.Compute.FindServerAsync("a", Cancellation));
        Assert.Equal(port.Address, (await plane.MakeAsync(plane.Spec("a"), Cancellation)).Address);
        Assert.Equal(volume, await plane.Volumes.FindVolumeAsync("a", Cancellation));
    }

    [Fact]
    public async Task A_server_stops_starts_and_reboots_and_stays_the_same()
    {
        await using var plane = await OpenAsync();
        await plane.MakeAsync(plane.Spec("a"), Cancellation);
        var before = await plane.Compute.FindServerAsync("a", Cancellation);

        await DoneAsync("it is stopped", () => plane.Compute.StopServerAsync("a", Cancellation));
        Assert.Equal(CloudServerState.Stopped, (await plane.Compute.FindServerAsync("a", Cancellation))?.State);
        await DoneAsync("it runs", () => plane.Compute.StartServerAsync("a", Cancellation));
        await plane.Compute.RebootServerAsync("a", RebootKind.Hard, Cancellation);
        await RunsAgainAsync(plane);

        await plane.Compute.FenceAsync("a", Cancellation);
        await plane.Compute.FenceAsync("a", Cancellation);
        var fenced = await plane.Compute.FindServerAsync("a", Cancellation);
        Assert.Equal((before?.Id, CloudServerState.Stopped), (fenced?.Id, fenced?.State));
        Assert.Equal(before?.Id, (await plane.RunsAsync(plane.Spec("a"), Cancellation)).Id);
    }

    [Fact]
    public async Task A_resize_is_taken_back_or_confirmed()
    {
        await using var plane = await OpenAsync();
        await plane.MakeAsync(plane.Spec("a"), Cancellation);
        var before = await plane.Compute.FindServerAsync("a", Cancellation);

        await ResizeAsync(plane, plane.OtherFlavor);
        await DoneAsync("it is taken back", () => plane.Compute.RevertResizeAsync("a", Cancellation));
        Assert.True(await plane.Compute.RevertResizeAsync("a", Cancellation));
        Assert.Equal((before?.Id, plane.Flavor), await RunsAgainAsync(plane));

        await ResizeAsync(plane, plane.OtherFlavor);
        plane.RestartService();
        await DoneAsync("it is confirmed", () => plane.Compute.ConfirmResizeAsync("a", Cancellation));
        Assert.True(await plane.Compute.ConfirmResizeAsync("a", Cancellation));
        Assert.Equal((before?.Id, plane.OtherFlavor), await RunsAgainAsync(plane));
        Assert.Equal(CloudServerState.Active, (await plane.Compute.ResizeServerAsync("a", plane.OtherFlavor, Cancellation)).State);
    }

    [Fact]
    public async Task A_rebuilt_server_keeps_its_volume_and_address()
    {
        await using var plane = await OpenAsync();
        var port = await plane.MakeAsync(plane.Spec("a"), Cancellation);
        var volume = await plane.Volumes.FindVolumeAsync("a", Cancellation);
        var spec = plane.Spec("a") with { Build = 2 };

        var rebuilt = await RepeatAsync(
            "it runs its second build",
            () => plane.Compute.RebuildServerAsync(spec, Cancellation),
            server => server is { Build: 2, State: CloudServerState.Active });

        Assert.Equal(rebuilt.Id, (await plane.Compute.RebuildServerAsync(spec, Cancellation)).Id);
        Assert.Equal(2, (await plane.Compute.FindServerAsync("a", Cancellation))?.Build);
        Assert.Equal(volume, await plane.Volumes.FindVolumeAsync("a", Cancellation));
        Assert.Equal(port.Address, (await plane.MakePartsAsync("a", Cancellation)).Address);
    }

    [Fact]
    public async Task A_volume_grows_and_never_shrinks()
    {
        await using var plane = await OpenAsync();
        var small = await plane.MakeVolumeAsync("a", 1, Cancellation);

        await RepeatAsync(
            "it is larger",
            () => plane.Volumes.EnsureVolumeAsync(new VolumeSpec { Key = "a", SizeGb = 2 }, Cancellation),
            volume => volume is { SizeGb: 2, State: VolumeState.Ready });
        var unchanged = await plane.MakeVolumeAsync("a", 1, Cancellation);

        Assert.Equal((small.Id, 2), (unchanged.Id, unchanged.SizeGb));
    }

    [Fact]
    public async Task What_does_not_exist_is_said_and_not_made()
    {
        await using var plane = await OpenAsync();
        await plane.MakePartsAsync("a", Cancellation);

        await RefusesAsync(
            () => plane.Compute.EnsureServerAsync(plane.Spec("a") with { FlavorId = "no-such-flavor" }, Cancellation), "no-such-flavor");
        await RefusesAsync(() => plane.Compute.EnsureServerAsync(plane.Spec("a") with { Image = "no-such-image" }, Cancellation), "image");
        await RefusesAsync(
            () => plane.Compute.EnsureServerAsync(plane.Spec("a") with { PortKey = "no-such-port" }, Cancellation), "no-such-port");
        await RefusesAsync(() => plane.Compute.StopServerAsync("a", Cancellation), "a");
        await RefusesAsync(() => plane.Compute.ResizeServerAsync("a", plane.OtherFlavor, Cancellation), "a");

        Assert.Null(await plane.Compute.FindServerAsync("a", Cancellation));
        Assert.Null(await plane.Volumes.FindVolumeAsync("b", Cancellation));
        await plane.Compute.FenceAsync("a", Cancellation);
        Assert.True(await plane.Compute.DeleteServerAsync("a", Cancellation));
    }

    [Fact]
    public async Task What_can_be_asked_for_is_listed()
    {
        await using var plane = await OpenAsync();

        var flavors = await plane.Compute.ListFlavorsAsync(Cancellation);

        Assert.All(
            [plane.Flavor, plane.OtherFlavor],
            flavor => Assert.Contains(flavors, one => one.Id == flavor && one is { MemoryMb: > 0, Vcpus: > 0 }));
        Assert.NotEmpty(await plane.Compute.ListZonesAsync(Cancellation));
        Assert.Empty(await plane.Compute.ListServersAsync(Cancellation));
    }

    private static async Task ResizeAsync(IPlaneUnderTest plane, string flavor)
    {
        var resized = await RepeatAsync(
            "it is resized",
            () => plane.Compute.ResizeServerAsync("a", flavor, Cancellation),
            server => server.State == CloudServerState.AwaitsConfirmation);
        Assert.Equal(flavor, resized.FlavorId);
    }

    private static async Task<(string? Id, string? Flavor)> RunsAgainAsync(IPlaneUnderTest plane)
    {
        var server = await RepeatAsync(
            "it runs again", () => plane.Compute.FindServerAsync("a", Cancellation), one => one?.State == CloudServerState.Active);
        return (server?.Id, server?.FlavorId);
    }

    private static async Task RefusesAsync(Func<Task> call, string word)
    {
        var fault = await Assert.ThrowsAsync<CloudException>(call);
        Assert.False(fault.IsTransient, fault.Message);
        Assert.Contains(word, fault.Message, StringComparison.Ordinal);
    }
}
