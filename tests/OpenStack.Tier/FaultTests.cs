using System.Collections.Concurrent;
using Dbaas.Cloud.Conformance;
using Dbaas.Cloud.Ports;
using Dbaas.Testing;
using static Dbaas.OpenStack.Tier.Lab;

namespace Dbaas.OpenStack.Tier;

/// <summary>
/// A server's life, in which every kind of request fails once: all that differ in method and route, each at its first time. What was begun
/// is finished by calling again, exists once, and leaves nothing.
/// </summary>
public sealed class FaultTests
{
    public static TheoryData<string, bool> Kinds => new()
    {
        { nameof(Fault.LostAnswer), false },
        { nameof(Fault.FailedAfterwards), false },
        { nameof(Fault.Closed), false },
        { nameof(Fault.Unauthorized), false },
        { nameof(Fault.Conflict), true },
        { nameof(Fault.TooMany), false },
        { nameof(Fault.Failed), false },
        { nameof(Fault.Unavailable), false },
        { nameof(Fault.Hang), true },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_life_in_which_every_call_fails_once_is_lived_to_the_end(string kind, bool onlyWrites)
    {
        var fault = Enum.Parse<Fault>(kind);
        await using var proxy = await FaultProxy.StartAsync(Member());
        await using var plane = await LabPlane.OpenAsync(Member() with
        {
            Through = proxy,
            CallTimeout = fault == Fault.Hang ? TimeSpan.FromSeconds(10) : TimeSpan.FromSeconds(120),
        });
        var failed = new ConcurrentDictionary<string, bool>();
        proxy.Plan = request => IsMeant(request, fault, onlyWrites) && failed.TryAdd(request, true) ? fault : Fault.None;
        var spec = plane.Spec("a") with { Group = new ServerGroup("a", "anti-affinity") };

        await plane.MakeAsync(spec, Cancellation);
        await PlaneDriver.RepeatAsync(
            "it has a public address",
            () =>
                plane.Networks.EnsureAccessAsync(
                    "a", PlaneDriver.Open with { AllowedCidrs = ["10.0.0.0/8"], IsPublic = true }, Cancellation),
            port => port.Addresses.Any(one => one.Kind == "public"));
        await OneOfEachAsync(plane);
        await PlaneDriver.DoneAsync("it is stopped", () => plane.Compute.StopServerAsync("a", Cancellation));
        await PlaneDriver.DoneAsync("it runs", () => plane.Compute.StartServerAsync("a", Cancellation));
        await PlaneDriver.RepeatAsync(
            "it is resized",
            () => plane.Compute.ResizeServerAsync("a", plane.OtherFlavor, Cancellation),
            server => server.State == CloudServerState.AwaitsConfirmation);
        await PlaneDriver.DoneAsync("it is confirmed", () => plane.Compute.ConfirmResizeAsync("a", Cancellation));
        await PlaneDriver.RepeatAsync(
            "it is rebuilt",
            () => plane.Compute.RebuildServerAsync(spec with { FlavorId = plane.OtherFlavor, Build = 2 }, Cancellation),
            server => server is { Build: 2, State: CloudServerState.Active });
        await PlaneDriver.RepeatAsync(
            "its volume grows",
            () => plane.Volumes.EnsureVolumeAsync(new VolumeSpec { Key = "a", SizeGb = 2 }, Cancellation),
            volume => volume is { SizeGb: 2, State: VolumeState.Ready });
        await OneOfEachAsync(plane);
        await plane.RemoveAsync("a", Cancellation);

        Assert.Empty(await plane.TracesAsync());
        Assert.True(failed.Count >= 10, string.Join('\n', failed.Keys));
    }

    [Theory]
    [InlineData("POST compute /v2.1/servers")]
    [InlineData("POST network /v2.0/ports")]
    [InlineData("POST network /v2.0/security-groups")]
    [InlineData("POST volumev3 /v3/{id}/volumes")]
    public async Task A_creation_that_is_given_up_after_a_lost_answer_leaves_nothing(string lost)
    {
        await using var proxy = await FaultProxy.StartAsync(Member());
        await using var plane = await LabPlane.OpenAsync(Member() with { Through = proxy });
        proxy.Plan = request => request == lost ? Fault.LostAnswer : Fault.None;

        var fault = await Assert.ThrowsAsync<CloudException>(async () =>
        {
            await plane.Networks.EnsurePortAsync(new PortSpec { Key = "a", Access = PlaneDriver.Open }, Cancellation);
            await plane.Volumes.EnsureVolumeAsync(new VolumeSpec { Key = "a", SizeGb = 1 }, Cancellation);
            proxy.Plan = _ => Fault.None;
            await plane.MakeVolumeAsync("a", 1, Cancellation);
            proxy.Plan = request => request == lost ? Fault.LostAnswer : Fault.None;
            await plane.Compute.EnsureServerAsync(plane.Spec("a"), Cancellation);
        });
        Assert.True(fault.IsTransient, fault.Message);
        proxy.Plan = _ => Fault.None;
        Assert.NotEmpty(await plane.TracesAsync());

        plane.RestartService();
        await plane.RemoveAsync("a", Cancellation);

        Assert.Empty(await plane.TracesAsync());
    }

    [Fact]
    public async Task A_list_that_is_silently_incomplete_makes_no_second_server()
    {
        await using var proxy = await FaultProxy.StartAsync(Member());
        await using var plane = await LabPlane.OpenAsync(Member() with { Through = proxy });
        await plane.MakeAsync(plane.Spec("a"), Cancellation);
        var id = (await plane.Compute.FindServerAsync("a", Cancellation))!.Id;

        plane.RestartService();
        proxy.Plan = request => request == "GET compute /v2.1/servers/detail" ? Fault.Empty : Fault.None;

        Assert.Equal(id, (await plane.Compute.FindServerAsync("a", Cancellation))?.Id);
        Assert.Equal(id, (await plane.Compute.EnsureServerAsync(plane.Spec("a"), Cancellation)).Id);
        Assert.False(await plane.Compute.DeleteServerAsync("a", Cancellation));
    }

    private static async Task OneOfEachAsync(LabPlane plane) => await Eventually.SeeAsync(
        "one server, one volume, one port with its filter and the members', one group, one public address",
        PlaneDriver.Patience,
        plane.TracesAsync,
        traces =>
            traces.GroupBy(one => one.Split(':')[0]).All(kind => kind.Count() == (kind.Key == "security_groups" ? 2 : 1))
                && traces.Count == 7);

    /// <summary>What reads see as a conflict, or waits for ten seconds, says nothing more than one of its kind.</summary>
    private static bool IsMeant(string request, Fault fault, bool onlyWrites) =>
        (!onlyWrites || !request.StartsWith("GET ", StringComparison.Ordinal))
        && (fault != Fault.Hang || request.StartsWith("POST ", StringComparison.Ordinal))
        && (fault != Fault.Unauthorized || !request.StartsWith("POST identity", StringComparison.Ordinal));
}
