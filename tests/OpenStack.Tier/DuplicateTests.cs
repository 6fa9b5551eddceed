using System.Text.Json.Nodes;
using Dbaas.Cloud.Conformance;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Cloud.Ports;
using static Dbaas.OpenStack.Tier.Lab;

namespace Dbaas.OpenStack.Tier;

/// <summary>What two workers with one key, or an answer that came late, leave behind.</summary>
public sealed class DuplicateTests
{
    [Fact]
    public async Task Of_two_servers_the_one_with_the_port_lives()
    {
        await using var plane = await LabPlane.OpenAsync();
        await plane.MakePartsAsync("a", Cancellation);
        var older = await RawServerAsync(plane);
        await plane.Compute.FindServerAsync("a", Cancellation);

        // The port is its own: the older one, which has none, must give way.
        var port = (await plane.Raw.GetAsync(
            CloudService.Network, "v2.0/ports?description=" + Uri.EscapeDataString("dbaas:" + plane.Deployment)))["ports"]![0]!["id"]!;
        var holder = await RawServerAsync(plane, port.GetValue<string>());
        await PlaneDriver.RepeatAsync(
            "it has the port",
            () => plane.Raw.GetAsync(CloudService.Network, "v2.0/ports/" + port),
            one => one["port"]!["device_id"]!.GetValue<string>() == holder);

        var kept = await plane.RunsAsync(plane.Spec("a"), Cancellation);

        Assert.Equal(holder, kept.Id);
        await PlaneDriver.RepeatAsync(
            "the other is gone", plane.TracesAsync, traces => !traces.Any(trace => trace.Contains(older, StringComparison.Ordinal)));
        await plane.RemoveAsync("a", Cancellation);
        Assert.Empty(await plane.TracesAsync());
    }

    [Fact]
    public async Task Workers_that_make_the_same_server_at_once_end_with_one()
    {
        await using var one = await LabPlane.OpenAsync();
        await using var other = await LabPlane.OpenAsync(Member() with { Deployment = one.Deployment });

        await Task.WhenAll(one.MakeAsync(one.Spec("a"), Cancellation), other.MakeAsync(other.Spec("a"), Cancellation));
        await one.MakeAsync(one.Spec("a"), Cancellation);

        await PlaneDriver.RepeatAsync(
            "one server, volume and port, two packet filters",
            async () =>
            {
                await one.MakeAsync(one.Spec("a"), Cancellation);
                return await one.TracesAsync();
            },
            traces => traces.Count == 5);
        Assert.Equal(CloudServerState.Active, (await one.Compute.FindServerAsync("a", Cancellation))?.State);
        await one.RemoveAsync("a", Cancellation);
        Assert.Empty(await one.TracesAsync());
    }

    /// <param name="port">Null: without any network.</param>
    private static async Task<string> RawServerAsync(LabPlane plane, string? port = null)
    {
        var images = await plane.Raw.GetAsync(CloudService.Images, "v2/images?tag=dbaas-guest&limit=1");
        var body = new JsonObject
        {
            ["server"] = new JsonObject
            {
                ["name"] = "a",
                ["flavorRef"] = plane.Flavor,
                ["imageRef"] = images["images"]![0]!["id"]!.GetValue<string>(),
                ["networks"] = port is null ? "none" : new JsonArray(new JsonObject { ["port"] = port }),
                ["metadata"] = new JsonObject { ["dbaas_deployment"] = plane.Deployment, ["dbaas_key"] = "a", ["dbaas_build"] = "1" },
                ["tags"] = new JsonArray("dbaas-deployment-" + plane.Deployment, "dbaas-key-a"),
            },
        };
        return (await plane.Raw.SendAsync(
            CloudService.Compute, HttpMethod.Post, "servers", body, "2.67"))["server"]!["id"]!.GetValue<string>();
    }
}
