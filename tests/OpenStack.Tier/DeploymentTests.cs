using System.Text;
using System.Text.Json.Nodes;
using Dbaas.Cloud.Conformance;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Cloud.Ports;
using static Dbaas.OpenStack.Tier.Lab;

namespace Dbaas.OpenStack.Tier;

/// <summary>What is made on the cloud, and whose it is.</summary>
public sealed class DeploymentTests
{
    [Fact]
    public async Task Two_deployments_with_the_same_keys_do_not_touch_each_other()
    {
        await using var one = await LabPlane.OpenAsync();
        await using var other = await LabPlane.OpenAsync();
        var ours = await one.MakeAsync(one.Spec("a"), Cancellation);
        var server = await one.Compute.FindServerAsync("a", Cancellation);

        Assert.Null(await other.Compute.FindServerAsync("a", Cancellation));
        Assert.Empty(await other.Volumes.ListVolumesAsync(Cancellation));
        Assert.Empty(await other.Networks.ListPortsAsync(Cancellation));
        var theirs = await other.MakeAsync(other.Spec("a"), Cancellation);
        Assert.NotEqual(ours.Address, theirs.Address);
        Assert.NotEqual(server?.Id, (await other.Compute.FindServerAsync("a", Cancellation))?.Id);
        await other.RemoveAsync("a", Cancellation);

        Assert.Empty(await other.TracesAsync());
        Assert.Equal(server, await one.Compute.FindServerAsync("a", Cancellation));
        Assert.Equal(ours.Address, (await one.MakePartsAsync("a", Cancellation)).Address);
    }

    [Fact]
    public async Task A_server_gets_its_document_on_a_config_drive_and_carries_our_marks()
    {
        await using var plane = await LabPlane.OpenAsync();
        var spec = plane.Spec("a") with { Name = "orders", Project = "p1", Datastore = "mariadb", Zone = "nova" };
        var port = await plane.MakeAsync(spec, Cancellation);
        var volume = (await plane.Volumes.FindVolumeAsync("a", Cancellation))!;
        var id = (await plane.Compute.FindServerAsync("a", Cancellation))!.Id;

        var server = await ShowAsync(id);
        Assert.Equal("orders", server["name"]!.GetValue<string>());
        Assert.Equal("True", server["config_drive"]!.GetValue<string>());
        Assert.Equal("nova", server["OS-EXT-AZ:availability_zone"]!.GetValue<string>());
        Assert.Equal(
            ["dbaas-datastore-mariadb", "dbaas-deployment-" + plane.Deployment, "dbaas-key-a"],
            server["tags"]!.AsArray().Select(tag => tag!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.Equal((plane.Deployment, "a", "1", "p1", "mariadb"), Labels(server));
        Assert.Equal(volume.Id, server["os-extended-volumes:volumes_attached"]!.AsArray().Single()!["id"]!.GetValue<string>());
        Assert.False(server["os-extended-volumes:volumes_attached"]![0]!["delete_on_termination"]!.GetValue<bool>());

        var document = DocumentIn(server);
        Assert.Equal(("a", port.Address.ToString(), volume.Id), Facts(document));

        await PlaneDriver.RepeatAsync(
            "it is rebuilt",
            () =>
                plane.Compute.RebuildServerAsync(
                    spec with { Build = 2, Bootstrap = new JsonObject { ["instance_id"] = "again" } }, Cancellation),
            one => one is { Build: 2, State: CloudServerState.Active });
        var rebuilt = await ShowAsync(id);
        Assert.Equal(("again", port.Address.ToString(), volume.Id), Facts(DocumentIn(rebuilt)));
        Assert.Equal((plane.Deployment, "a", "2", "p1", "mariadb"), Labels(rebuilt));
    }

    [Fact]
    public async Task Servers_of_a_group_are_kept_apart_and_the_group_goes_with_the_last()
    {
        await using var plane = await LabPlane.OpenAsync();
        var group = new ServerGroup("a", "anti-affinity");
        await plane.MakeAsync(plane.Spec("a") with { Group = group }, Cancellation);
        await plane.MakeAsync(plane.Spec("b") with { Group = group }, Cancellation);

        var hosts =
            new[] { await plane.Compute.FindServerAsync("a", Cancellation), await plane.Compute.FindServerAsync("b", Cancellation) };
        Assert.NotEqual(hosts[0]?.Host, hosts[1]?.Host);
        await plane.RemoveAsync("a", Cancellation);
        Assert.Single(await plane.TracesAsync(), trace => trace.StartsWith("server_groups", StringComparison.Ordinal));
        await plane.RemoveAsync("b", Cancellation);
        Assert.Empty(await plane.TracesAsync());
    }

    [Fact]
    public async Task A_server_with_two_networks_is_reached_by_the_management_network_and_by_its_users_on_theirs()
    {
        using var raw = Raw(Member());
        await using var plane = await LabPlane.OpenAsync(Member() with { ManagementNetworkId = await raw.NetworkAsync("management") });
        var port = await plane.MakeAsync(plane.Spec("a"), Cancellation);
        var id = (await plane.Compute.FindServerAsync("a", Cancellation))!.Id;

        Assert.StartsWith("10.91.0.", port.Address.ToString(), StringComparison.Ordinal);
        var shown = Assert.Single(port.Addresses);
        Assert.StartsWith("10.90.0.", shown.Address.ToString(), StringComparison.Ordinal);
        var document = DocumentIn(await ShowAsync(id));
        Assert.Equal(port.Address.ToString(), document["address"]!.GetValue<string>());
        Assert.Equal(shown.Address.ToString(), Assert.Single(document["user_addresses"]!.AsArray())!.GetValue<string>());
        await plane.RemoveAsync("a", Cancellation);
        Assert.Empty(await plane.TracesAsync());
    }

    [Fact]
    public async Task An_administrator_moves_a_server_once_for_each_move_and_takes_it_back()
    {
        // The administrator's own project has no network: the members' is used.
        using var raw = Raw(Member());
        await using var plane = await LabPlane.OpenAsync(Admin() with { NetworkId = await raw.NetworkAsync("users") });
        await plane.MakeAsync(plane.Spec("a"), Cancellation);
        var before = (await plane.Compute.FindServerAsync("a", Cancellation))!.Host;

        var moved = await MoveAsync(plane, "move-1");
        Assert.NotEqual(before, moved.Host);
        await PlaneDriver.DoneAsync("it is confirmed", () => plane.Compute.ConfirmResizeAsync("a", Cancellation));
        var again = await plane.Compute.MigrateServerAsync("a", "move-1", null, Cancellation);
        Assert.Equal((moved.Host, CloudServerState.Active), (again.Host, again.State));

        Assert.Equal(before, (await MoveAsync(plane, "move-2")).Host);
        await PlaneDriver.DoneAsync("it is taken back", () => plane.Compute.RevertResizeAsync("a", Cancellation));
        Assert.Equal(moved.Host, (await plane.Compute.FindServerAsync("a", Cancellation))?.Host);
    }

    [Fact]
    public async Task The_console_shows_its_last_lines()
    {
        await using var plane = await LabPlane.OpenAsync();
        await plane.MakeAsync(plane.Spec("a"), Cancellation);

        Assert.EndsWith("LAST LINE", await plane.Compute.ConsoleTailAsync("a", 5, Cancellation), StringComparison.Ordinal);
        Assert.Null(await plane.Compute.ConsoleTailAsync("b", 5, Cancellation));
    }

    private static async Task<Server> MoveAsync(LabPlane plane, string move) => await PlaneDriver.RepeatAsync(
        "it is moved",
        () => plane.Compute.MigrateServerAsync("a", move, null, Cancellation),
        server => server.State == CloudServerState.AwaitsConfirmation);

    /// <summary>User data is shown to administrators.</summary>
    private static async Task<JsonNode> ShowAsync(string id)
    {
        using var admin = Raw(Admin());
        return (await admin.GetAsync(CloudService.Compute, "servers/" + id, "2.46"))["server"]!;
    }

    private static JsonNode DocumentIn(JsonNode server) =>
        JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(server["OS-EXT-SRV-ATTR:user_data"]!.GetValue<string>())))!;

    private static (string?, string?, string?) Facts(JsonNode document) => (
        document["instance_id"]?.GetValue<string>(),
        document["address"]?.GetValue<string>(),
        document["volume_id"]?.GetValue<string>());

    private static (string?, string?, string?, string?, string?) Labels(JsonNode server)
    {
        string? Label(string name) => server["metadata"]![name]?.GetValue<string>();
        return (Label("dbaas_deployment"), Label("dbaas_key"), Label("dbaas_build"), Label("dbaas_project"), Label("dbaas_datastore"));
    }
}
