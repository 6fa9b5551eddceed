using System.Text.Json.Nodes;
using Dbaas.Cloud.Conformance;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Cloud.Ports;
using static Dbaas.OpenStack.Tier.Lab;

namespace Dbaas.OpenStack.Tier;

[Trait("part", "lifecycle")]
public sealed class VolumeTests
{
    [Fact]
    public async Task A_volume_grows_while_its_server_runs()
    {
        await using var plane = await LabPlane.OpenAsync();
        await plane.MakeAsync(plane.Spec("a"), Cancellation);

        var grown = await GrownAsync(plane);

        Assert.Equal((2, grown.Id), ((await plane.Volumes.FindVolumeAsync("a", Cancellation))!.SizeGb, await AttachedAsync(plane)));
        Assert.Equal(CloudServerState.Active, (await plane.Compute.FindServerAsync("a", Cancellation))?.State);
    }

    [Fact]
    public async Task A_volume_that_cannot_grow_while_it_is_attached_grows_while_its_server_is_stopped_and_is_given_back()
    {
        await using var plane = await LabPlane.OpenAsync(Member() with { ExtendsAttachedVolumes = false });
        await plane.Networks.EnsurePortAsync(new PortSpec { Key = "a", Access = PlaneDriver.Open }, Cancellation);
        var spec = new VolumeSpec { Key = "a", SizeGb = 1, Type = "offline" };
        await PlaneDriver.RepeatAsync(
            "its volume", () => plane.Volumes.EnsureVolumeAsync(spec, Cancellation), one => one.State == VolumeState.Ready);
        await plane.RunsAsync(plane.Spec("a"), Cancellation);

        var refused = await plane.Volumes.EnsureVolumeAsync(spec with { SizeGb = 2 }, Cancellation);
        Assert.Equal((1, VolumeState.NeedsServerStopped), (refused.SizeGb, refused.State));
        await PlaneDriver.DoneAsync("it is stopped", () => plane.Compute.StopServerAsync("a", Cancellation));
        var grown = await GrownAsync(plane);

        Assert.Equal((2, grown.Id), (grown.SizeGb, await AttachedAsync(plane)));
        await PlaneDriver.DoneAsync("it runs", () => plane.Compute.StartServerAsync("a", Cancellation));
    }

    [Fact]
    public async Task Of_two_volumes_the_one_that_was_handed_out_is_kept_even_when_the_other_is_older()
    {
        await using var plane = await LabPlane.OpenAsync();
        var older = await RawVolumeAsync(plane);
        var younger = await RawVolumeAsync(plane);
        await plane.Raw.DoAsync(
            CloudService.Volumes,
            HttpMethod.Put,
            $"volumes/{younger}/metadata/dbaas_adopted",
            new JsonObject { ["meta"] = new JsonObject { ["dbaas_adopted"] = "yes" } });

        Assert.Equal(younger, (await plane.MakeVolumeAsync("a", 1, Cancellation)).Id);

        await PlaneDriver.RepeatAsync("the other is gone", plane.TracesAsync, traces => traces.Count == 1);
        Assert.DoesNotContain(older, Assert.Single(await plane.TracesAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Volume_types_are_listed_and_can_be_asked_for()
    {
        await using var plane = await LabPlane.OpenAsync();

        Assert.Contains(await plane.Volumes.ListVolumeTypesAsync(Cancellation), type => type.Name == "offline");
        var made = await plane.Volumes.EnsureVolumeAsync(
            new VolumeSpec { Key = "a", SizeGb = 1, Type = "offline", Zone = "moon" }, Cancellation);

        var volume = (await plane.Raw.GetAsync(CloudService.Volumes, "volumes/" + made.Id))["volume"]!;
        Assert.Equal(("offline", "dbaas-a"), (volume["volume_type"]!.GetValue<string>(), volume["name"]!.GetValue<string>()));
    }

    /// <summary>As operations do it: they go on at the first answer that says ready.</summary>
    private static Task<Volume> GrownAsync(LabPlane plane) => PlaneDriver.RepeatAsync(
        "it is larger",
        () => plane.Volumes.EnsureVolumeAsync(new VolumeSpec { Key = "a", SizeGb = 2 }, Cancellation),
        volume => volume.State == VolumeState.Ready);

    private static async Task<string> AttachedAsync(LabPlane plane)
    {
        var id = (await plane.Compute.FindServerAsync("a", Cancellation))!.Id;
        return (await plane.Raw.GetAsync(CloudService.Compute, $"servers/{id}/os-volume_attachments", "2.46"))["volumeAttachments"]!
            .AsArray().Single()!["volumeId"]!.GetValue<string>();
    }

    private static async Task<string> RawVolumeAsync(LabPlane plane)
    {
        var made = await plane.Raw.SendAsync(CloudService.Volumes, HttpMethod.Post, "volumes", new JsonObject
        {
            ["volume"] = new JsonObject
            {
                ["name"] = "dbaas-a",
                ["size"] = 1,
                ["metadata"] = new JsonObject { ["dbaas_deployment"] = plane.Deployment, ["dbaas_key"] = "a" },
            },
        });
        var id = made["volume"]!["id"]!.GetValue<string>();
        await PlaneDriver.RepeatAsync(
            "it is available",
            () => plane.Raw.GetAsync(CloudService.Volumes, "volumes/" + id),
            volume => volume["volume"]!["status"]!.GetValue<string>() == "available");
        return id;
    }
}
