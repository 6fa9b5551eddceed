using System.Text.Json.Nodes;
using Dbaas.Cloud.Conformance;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Cloud.Ports;
using static Dbaas.OpenStack.Tier.Lab;

namespace Dbaas.OpenStack.Tier;

/// <summary>What is done when a host is dead. Nobody else uses the cloud meanwhile: half of it is out of order.</summary>
[Collection(nameof(AloneOnTheCloud))]
public sealed class EvacuationTests
{
    [Fact]
    public async Task A_server_comes_up_on_another_host_only_when_its_own_is_dead_and_is_rebuilt_there_with_its_volume()
    {
        using var member = Raw(Member());
        using var admin = Raw(Admin());
        await using var plane = await LabPlane.OpenAsync(Admin() with { NetworkId = await member.NetworkAsync("users") });
        var port = await plane.MakeAsync(plane.Spec("a"), Cancellation);
        var before = (await plane.Compute.FindServerAsync("a", Cancellation))!;
        var volume = await plane.Volumes.FindVolumeAsync("a", Cancellation);

        var refusal = await Assert.ThrowsAsync<CloudException>(
            () => plane.Compute.EvacuateServerAsync("a", "evacuation-1", null, Cancellation));
        Assert.Contains("still in use", refusal.Message, StringComparison.Ordinal);
        Assert.False(refusal.IsTransient);

        await LabHosts.ForceDownAsync(admin, before.Host!);
        try
        {
            var elsewhere = await EvacuateAsync(plane, "evacuation-2");
            Assert.NotEqual(before.Host, elsewhere.Host);
            var again = await plane.Compute.EvacuateServerAsync("a", "evacuation-2", null, Cancellation);
            Assert.Equal((before.Id, elsewhere.Host), (again.Id, again.Host));

            var rebuilt = await PlaneDriver.RepeatAsync(
                "it runs its second build", () => plane.Compute.RebuildServerAsync(plane.Spec("a") with { Build = 2 }, Cancellation),
                server => server is { Build: 2, State: CloudServerState.Active });
            Assert.Equal(elsewhere.Host, rebuilt.Host);
            Assert.Equal(volume, await plane.Volumes.FindVolumeAsync("a", Cancellation));
            Assert.Equal(port.Address, (await plane.MakePartsAsync("a", Cancellation)).Address);
        }
        finally
        {
            await plane.RemoveAsync("a", CancellationToken.None);
            await LabHosts.ComeBackAsync(admin, before.Host!);
        }

        Assert.Empty(await plane.TracesAsync());
    }

    [Fact]
    public async Task A_member_may_not_evacuate()
    {
        await using var plane = await LabPlane.OpenAsync();
        await plane.MakeAsync(plane.Spec("a"), Cancellation);

        var refusal = await Assert.ThrowsAsync<CloudException>(
            () => plane.Compute.EvacuateServerAsync("a", "evacuation-1", null, Cancellation));

        Assert.Equal("The cloud does not let this service evacuate the server.", refusal.Message);
        Assert.Equal(CloudServerState.Active, (await plane.Compute.FindServerAsync("a", Cancellation))?.State);
    }

    private static Task<Server> EvacuateAsync(LabPlane plane, string evacuation) => PlaneDriver.RepeatAsync(
        "it is evacuated",
        () => plane.Compute.EvacuateServerAsync("a", evacuation, null, Cancellation),
        server => server.State is CloudServerState.Active or CloudServerState.Stopped);
}
