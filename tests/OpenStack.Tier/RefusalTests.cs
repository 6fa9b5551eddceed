using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Cloud.Conformance;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Cloud.Ports;
using static Dbaas.OpenStack.Tier.Lab;

namespace Dbaas.OpenStack.Tier;

/// <summary>What the cloud refuses is said in a sentence, with the service, the status and the request id for administrators.</summary>
public sealed class RefusalTests
{
    private const string Nowhere = "00000000-0000-4000-8000-000000000000";

    [Fact]
    public async Task What_a_user_asks_for_and_is_not_there_is_named()
    {
        await using var plane = await LabPlane.OpenAsync();

        await RefusesAsync($"There is no network {Nowhere}.", () => plane.Networks.EnsurePortAsync(
            new PortSpec { Key = "a", NetworkId = Nowhere, Access = PlaneDriver.Open }, Cancellation));
        await RefusesAsync("The address asked for does not belong to the network.", () => plane.Networks.EnsurePortAsync(
            new PortSpec { Key = "a", RequestedAddress = IPAddress.Parse("192.0.2.1"), Access = PlaneDriver.Open }, Cancellation));
        await RefusesAsync("'10.0.0.0/64' is no network in CIDR form.", () => plane.Networks.EnsurePortAsync(
            new PortSpec { Key = "a", Access = PlaneDriver.Open with { AllowedCidrs = ["10.0.0.0/64"] } }, Cancellation));
        await RefusesAsync("There is no volume type gold.", () => plane.Volumes.EnsureVolumeAsync(
            new VolumeSpec { Key = "a", SizeGb = 1, Type = "gold" }, Cancellation));

        var taken = (await plane.MakePartsAsync("a", Cancellation)).Address;
        await RefusesAsync("The address asked for is in use already.", () => plane.Networks.EnsurePortAsync(
            new PortSpec { Key = "b", RequestedAddress = taken, Access = PlaneDriver.Open }, Cancellation));
        await RefusesAsync(
            $"There is no image {Nowhere}.", () => plane.Compute.EnsureServerAsync(plane.Spec("a") with { Image = Nowhere }, Cancellation));
        await RefusesAsync(
            "There is no availability zone moon.",
            () => plane.Compute.EnsureServerAsync(plane.Spec("a") with { Zone = "moon" }, Cancellation));
        await RefusesAsync(
            "There is no flavor huge.", () => plane.Compute.EnsureServerAsync(plane.Spec("a") with { FlavorId = "huge" }, Cancellation));
    }

    [Fact]
    public async Task A_server_for_which_there_is_no_room_fails_and_says_so_and_can_be_deleted()
    {
        await using var plane = await LabPlane.OpenAsync();
        await plane.MakePartsAsync("a", Cancellation);

        var failed = await PlaneDriver.RepeatAsync(
            "it fails",
            () => plane.Compute.EnsureServerAsync(plane.Spec("a") with { FlavorId = "too-large" }, Cancellation),
            server => server.State == CloudServerState.Error);
        Assert.Equal("No host of the cloud has room for this server.", failed.Detail);
        await plane.Compute.FenceAsync("a", Cancellation);

        await plane.RemoveAsync("a", Cancellation);
        Assert.Empty(await plane.TracesAsync());
    }

    [Fact]
    public async Task A_server_whose_volume_cannot_be_attached_waits_for_it()
    {
        await using var plane = await LabPlane.OpenAsync();
        await plane.MakePartsAsync("a", Cancellation);
        var volume = (await plane.Volumes.FindVolumeAsync("a", Cancellation))!;
        await ActOnVolumeAsync(plane, volume.Id, "os-reserve");

        var fault = await Assert.ThrowsAsync<CloudException>(() => plane.Compute.EnsureServerAsync(plane.Spec("a"), Cancellation));

        Assert.True(fault.IsTransient, fault.Message);
        Assert.Contains("volume", fault.Message, StringComparison.OrdinalIgnoreCase);
        await ActOnVolumeAsync(plane, volume.Id, "os-unreserve");
        await plane.RunsAsync(plane.Spec("a"), Cancellation);
        await plane.RemoveAsync("a", Cancellation);
        Assert.Empty(await plane.TracesAsync());
    }

    [Fact]
    public async Task A_resize_for_which_there_is_no_room_is_refused_once_and_the_server_runs_on()
    {
        await using var plane = await LabPlane.OpenAsync();
        await plane.MakeAsync(plane.Spec("a"), Cancellation);

        await plane.Compute.ResizeServerAsync("a", "too-large", Cancellation);
        var refused = await PlaneDriver.RepeatAsync(
            "it is refused",
            () => plane.Compute.FindServerAsync("a", Cancellation),
            server => server is { State: CloudServerState.Active, Detail: not null });
        var again = await plane.Compute.ResizeServerAsync("a", "too-large", Cancellation);

        Assert.Equal((plane.Flavor, "No host of the cloud could take this server."), (refused!.FlavorId, refused.Detail));
        Assert.Equal((CloudServerState.Active, refused.Detail), (again.State, again.Detail));
        Assert.True(await plane.Compute.RevertResizeAsync("a", Cancellation));
        Assert.Null((await plane.Compute.FindServerAsync("a", Cancellation))!.Detail);
        await PlaneDriver.RepeatAsync(
            "another resize goes",
            () => plane.Compute.ResizeServerAsync("a", plane.OtherFlavor, Cancellation),
            server => server.State == CloudServerState.AwaitsConfirmation);
    }

    [Fact]
    public async Task Moving_a_server_is_for_administrators_and_said_so()
    {
        await using var plane = await LabPlane.OpenAsync();
        await plane.MakeAsync(plane.Spec("a"), Cancellation);

        await RefusesAsync(
            "The cloud does not let this service move the server.",
            () => plane.Compute.MigrateServerAsync("a", "move-1", null, Cancellation));

        Assert.Equal(CloudServerState.Active, (await plane.Compute.FindServerAsync("a", Cancellation))?.State);
    }

    [Fact]
    public async Task A_quota_that_is_used_up_is_said_for_each_service_in_a_project_of_its_own()
    {
        await using var project = await LabProject.MakeAsync();
        await using var plane = await LabPlane.OpenAsync(project.Options);

        await project.LimitAsync(CloudService.Network, "v2.0/quotas", "quota", "port", 0);
        await RefusesAsync("The cloud could not make the port: its network quota is used up.", () => plane.Networks.EnsurePortAsync(
            new PortSpec { Key = "a", Access = PlaneDriver.Open }, Cancellation));
        await project.LimitAsync(CloudService.Network, "v2.0/quotas", "quota", "port", -1);

        await project.LimitAsync(CloudService.Volumes, "os-quota-sets", "quota_set", "gigabytes", 1);
        await RefusesAsync("The cloud could not make the volume: its volume quota is used up.", () => plane.Volumes.EnsureVolumeAsync(
            new VolumeSpec { Key = "a", SizeGb = 2 }, Cancellation));
        await plane.MakePartsAsync("a", Cancellation);
        await RefusesAsync("The cloud could not extend the volume: its volume quota is used up.", () => plane.Volumes.EnsureVolumeAsync(
            new VolumeSpec { Key = "a", SizeGb = 2 }, Cancellation));

        await project.LimitAsync(CloudService.Compute, "os-quota-sets", "quota_set", "instances", 0);
        await RefusesAsync(
            "The cloud could not make the server: its compute quota is used up.",
            () => plane.Compute.EnsureServerAsync(plane.Spec("a"), Cancellation));
        await project.LimitAsync(CloudService.Compute, "os-quota-sets", "quota_set", "instances", 1);

        await plane.RunsAsync(plane.Spec("a"), Cancellation);
        await plane.RemoveAsync("a", Cancellation);
        Assert.Empty(await plane.TracesAsync());
    }

    private static async Task RefusesAsync(string sentence, Func<Task> call)
    {
        var fault = await Assert.ThrowsAsync<CloudException>(call);
        Assert.Equal(sentence, fault.Message);
        Assert.False(fault.IsTransient);
        if (fault.Details is { } details && details.Contains(": 4", StringComparison.Ordinal))
        {
            Assert.Contains("req-", details, StringComparison.Ordinal);
        }
    }

    /// <summary>As somebody else would, who is about to use it.</summary>
    private static Task ActOnVolumeAsync(LabPlane plane, string id, string action) =>
        plane.Raw.DoAsync(CloudService.Volumes, HttpMethod.Post, $"volumes/{id}/action", new JsonObject { [action] = new JsonObject() });
}
