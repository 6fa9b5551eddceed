using System.Text.Json.Nodes;
using Dbaas.Cloud.Conformance;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Cloud.Ports;
using static Dbaas.OpenStack.Tier.Lab;

namespace Dbaas.OpenStack.Tier;

public sealed class NetworkTests
{
    [Fact]
    public async Task Exactly_those_who_may_come_are_let_in()
    {
        await using var plane = await LabPlane.OpenAsync();
        await plane.Networks.EnsurePortAsync(new PortSpec { Key = "a", Access = PlaneDriver.Open }, Cancellation);
        Assert.Equal(["0.0.0.0/0 3306", "::/0 3306"], await RulesAsync(plane));

        // Written as users write them: with bits behind the length, without a length.
        var access = new PortAccess { TcpPorts = [3306, 3307], AllowedCidrs = ["10.1.2.3/16", "2001:db8::1/32", "192.0.2.7"] };
        await plane.Networks.EnsureAccessAsync("a", access, Cancellation);
        string[] expected =
            ["10.1.0.0/16 3306", "10.1.0.0/16 3307", "192.0.2.7/32 3306", "192.0.2.7/32 3307", "2001:db8::/32 3306", "2001:db8::/32 3307"];
        Assert.Equal(expected, await RulesAsync(plane));
        await plane.Networks.EnsureAccessAsync("a", access, Cancellation);
        Assert.Equal(expected, await RulesAsync(plane));

        await plane.Networks.EnsureAccessAsync("a", access with { TcpPorts = [3306], AllowedCidrs = ["10.1.0.0/16"] }, Cancellation);
        Assert.Equal(["10.1.0.0/16 3306"], await RulesAsync(plane));
    }

    [Fact]
    public async Task A_port_gets_a_public_address_and_gives_it_back()
    {
        await using var plane = await LabPlane.OpenAsync();
        var port = await plane.Networks.EnsurePortAsync(
            new PortSpec { Key = "a", Access = PlaneDriver.Open with { IsPublic = true } }, Cancellation);
        var again = await plane.Networks.EnsurePortAsync(
            new PortSpec { Key = "a", Access = PlaneDriver.Open with { IsPublic = true } }, Cancellation);

        Assert.Equal(port.Addresses, again.Addresses);
        Assert.Equal(["private", "public"], port.Addresses.Select(one => one.Kind));
        Assert.StartsWith("203.0.113.", port.Addresses[1].Address.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            "private", Assert.Single((await plane.Networks.EnsureAccessAsync("a", PlaneDriver.Open, Cancellation)).Addresses).Kind);
        await plane.Networks.EnsureAccessAsync("a", PlaneDriver.Open with { IsPublic = true }, Cancellation);

        await plane.Networks.DeletePortAsync("a", Cancellation);
        await plane.Networks.DeletePortAsync("a", Cancellation);
        Assert.Empty(await plane.TracesAsync());
    }

    [Fact]
    public async Task Members_reach_each_other_and_the_rule_for_it_goes_with_the_last_port()
    {
        await using var plane = await LabPlane.OpenAsync();
        await plane.Networks.EnsurePortAsync(new PortSpec { Key = "a", Access = PlaneDriver.Open }, Cancellation);
        await plane.Networks.EnsurePortAsync(new PortSpec { Key = "b", Access = PlaneDriver.Open }, Cancellation);

        var traces = await plane.TracesAsync();
        Assert.Single(traces, trace => trace.StartsWith("security_groups: dbaas-members", StringComparison.Ordinal));
        await plane.Networks.DeletePortAsync("a", Cancellation);
        Assert.Single(await plane.TracesAsync(), trace => trace.StartsWith("security_groups: dbaas-members", StringComparison.Ordinal));
        await plane.Networks.DeletePortAsync("b", Cancellation);
        Assert.Empty(await plane.TracesAsync());
    }

    [Fact]
    public async Task A_project_gets_into_its_own_networks_and_into_shared_ones_and_into_no_others()
    {
        await using var owner = await LabProject.MakeAsync();
        await using var other = await LabProject.MakeAsync("10.78.0.0/24");
        using var admin = Raw(Admin());
        var (theirs, management) = (owner.Options.NetworkId!, await admin.NetworkAsync("management"));

        // As an administrator, who sees every network of the cloud.
        await using var plane = await LabPlane.OpenAsync(
            Admin() with { NetworkId = await admin.NetworkAsync("users"), ManagementNetworkId = management });

        await plane.Networks.EnsurePortAsync(Spec("own", owner.Id, theirs), Cancellation);
        await RefusesAsync(theirs, Spec("foreign", other.Id, theirs));
        await RefusesAsync(theirs, Spec("nobody", null, theirs));
        await RefusesAsync(management, Spec("managed", owner.Id, management));
        await RefusesAsync(management.ToUpperInvariant(), Spec("managed", owner.Id, management.ToUpperInvariant()));

        await admin.DoAsync(CloudService.Network, HttpMethod.Post, "v2.0/rbac-policies", new JsonObject
        {
            ["rbac_policy"] = new JsonObject
            {
                ["object_type"] = "network", ["object_id"] = theirs, ["action"] = "access_as_shared", ["target_tenant"] = other.Id,
            },
        });
        await plane.Networks.EnsurePortAsync(Spec("shared", other.Id, theirs), Cancellation);
        await plane.Networks.DeletePortAsync("shared", Cancellation);

        async Task RefusesAsync(string network, PortSpec spec)
        {
            var fault = await Assert.ThrowsAsync<CloudException>(() => plane.Networks.EnsurePortAsync(spec, Cancellation));
            Assert.Equal(($"There is no network {network}.", false), (fault.Message, fault.IsTransient));
        }

        static PortSpec Spec(string key, string? project, string network) =>
            new() { Key = key, Project = project, NetworkId = network, Access = PlaneDriver.Open };
    }

    private static async Task<string[]> RulesAsync(LabPlane plane)
    {
        var mark = Uri.EscapeDataString("dbaas:" + plane.Deployment);
        var group = (await plane.Raw.GetAsync(
            CloudService.Network, $"v2.0/security-groups?name=dbaas-a&description={mark}"))["security_groups"]!.AsArray().Single()!;
        return
        [
            .. group["security_group_rules"]!.AsArray().Where(rule => rule!["direction"]!.GetValue<string>() == "ingress")
                .Select(rule => $"{rule!["remote_ip_prefix"]} {rule["port_range_min"]}").Order(StringComparer.Ordinal),
        ];
    }
}
