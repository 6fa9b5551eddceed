using Dbaas.Cloud.Conformance;
using Dbaas.Cloud.OpenStack;
using Dbaas.Cloud.OpenStack.Networks;
using Dbaas.Cloud.OpenStack.Neutron;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Tests.OpenStack;

/// <summary>The service's account sees every network of the cloud; its users may not use every network that it sees.</summary>
public sealed class NetworkPermissionTests
{
    private const string Asked = "0198c0de-0000-7000-8000-00000000000a";
    private const string Default = "0198c0de-0000-7000-8000-00000000000d";
    private const string Management = "0198c0de-0000-7000-8000-00000000000e";
    private const string Mine = "5b6f0a3cf3c14b6a8a5f2f1c00000001";
    private const string MineWithDashes = "5b6f0a3c-f3c1-4b6a-8a5f-2f1c00000001";
    private const string Theirs = "5b6f0a3cf3c14b6a8a5f2f1c00000002";

    [Theory]
    [InlineData(Mine, false, "[]", true)]
    [InlineData(MineWithDashes, false, "[]", true)]
    [InlineData(Theirs, true, "[]", true)]
    [InlineData(Theirs, false, $$"""[{"action": "access_as_shared", "target_tenant": "{{Mine}}"}]""", true)]
    [InlineData(Theirs, false, """[{"action": "access_as_shared", "target_tenant": "*"}]""", true)]
    [InlineData(Theirs, false, "[]", false)]
    [InlineData(Theirs, false, $$"""[{"action": "access_as_shared", "target_tenant": "{{Theirs}}"}]""", false)]
    [InlineData(Theirs, false, $$"""[{"action": "access_as_external", "target_tenant": "{{Mine}}"}]""", false)]
    [InlineData("", false, "[]", false)]
    public async Task A_network_is_for_its_project_and_for_those_whom_it_is_shared_with(
        string owner, bool isShared, string sharings, bool isLetIn)
    {
        var cloud = Cloud(Asked, owner, isShared, sharings);

        Assert.Equal(isLetIn, await IsLetInAsync(cloud, Asked, Mine));
        Assert.False(await IsLetInAsync(cloud, Asked, null));
        Assert.False(await IsLetInAsync(cloud, Asked, ""));
    }

    [Fact]
    public async Task The_usual_network_is_for_everybody_and_the_one_of_management_for_nobody()
    {
        Assert.True(await IsLetInAsync(Cloud(Default, Theirs, false, "[]"), Default, Mine));
        Assert.True(await IsLetInAsync(Cloud(Default, Theirs, false, "[]"), Default, null));
        Assert.False(await IsLetInAsync(Cloud(Management, Mine, true, "[]"), Management, Mine));
        foreach (var other in new[] { Management.ToUpperInvariant(), Management.Replace("-", "", StringComparison.Ordinal), "name" })
        {
            Assert.False(await IsLetInAsync(Cloud(Management, Mine, true, "[]", asked: other), other, Mine));
        }

        Assert.False(await IsLetInAsync(new StubCloud().With("/v2.0/ports", """{"ports": []}"""), Asked, Mine));
    }

    private static StubCloud Cloud(string id, string owner, bool isShared, string sharings, string? asked = null) =>
        new StubCloud()
            .With("/v2.0/ports", """{"ports": []}""")
            .With("/v2.0/security-groups", """{"security_groups": []}""")
            .With(
                $"/v2.0/networks/{asked ?? id}",
                $$$"""
                {"network": {"id": "{{{id}}}", "name": "n", "project_id": "{{{owner}}}", "shared": {{{(isShared ? "true" : "false")}}}}}
                """)
            .With("/v2.0/rbac-policies", $$"""{"rbac_policies": {{sharings}}}""");

    /// <summary>Anything was to be made; else it was said not to be there, once and for all.</summary>
    private static async Task<bool> IsLetInAsync(StubCloud cloud, string network, string? project)
    {
        cloud.Wishes.Clear();
        var options = StubCloud.Options(Default, Management);
        using var session = cloud.Session(options);
        var (neutron, marks) = (new NeutronClient(session), new Marks(options.DeploymentId));
        var networks = new OpenStackNetworks(
            neutron,
            new PortFinder(neutron, marks),
            new SecurityGroups(neutron, marks),
            new FloatingAddresses(neutron, marks, options),
            new NetworkPermission(neutron, options),
            marks,
            options);
        var fault = await Assert.ThrowsAsync<CloudException>(() => networks.EnsurePortAsync(
            new PortSpec { Key = "a", Project = project, NetworkId = network, Access = PlaneDriver.Open },
            TestContext.Current.CancellationToken));
        if (cloud.Wishes.Count > 0)
        {
            return true;
        }

        Assert.Equal(($"There is no network {network}.", false), (fault.Message, fault.IsTransient));
        return false;
    }
}
