using System.Text.Json.Nodes;
using Dbaas.Cloud.OpenStack.Session;

namespace Dbaas.Cloud.OpenStack.Neutron;

/// <summary>Neutron, version 2.0. It has no limit to a list unless a cloud sets one; ours are filtered, and short.</summary>
internal sealed class NeutronClient(CloudSession session)
{
    /// <param name="filter">As a query says it.</param>
    public async Task<IReadOnlyList<NeutronPort>> ListPortsAsync(string filter, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Get, "ports?" + filter, "list ports", null, cancellationToken))
            .Read(NeutronJson.Default.NeutronPortsReply).Ports;

    public Task<CloudReply> CreatePortAsync(JsonObject port, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "ports", "make the port", new JsonObject { ["port"] = port }, cancellationToken);

    public static NeutronPort PortIn(CloudReply made) => made.Read(NeutronJson.Default.NeutronPortReply).Port;

    public Task<CloudReply> DeletePortAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, "ports/" + id, "delete the port", null, cancellationToken);

    public async Task<IReadOnlyList<NeutronSecurityGroup>> ListSecurityGroupsAsync(string name, CancellationToken cancellationToken) =>
        (await SendAsync(
            HttpMethod.Get, "security-groups?name=" + Uri.EscapeDataString(name), "list security groups", null, cancellationToken))
            .Read(NeutronJson.Default.NeutronSecurityGroupsReply).SecurityGroups;

    public async Task<NeutronSecurityGroup> CreateSecurityGroupAsync(
        string name, string description, CancellationToken cancellationToken) => (await SendAsync(
        HttpMethod.Post,
        "security-groups",
        "make the security group",
        new JsonObject { ["security_group"] = new JsonObject { ["name"] = name, ["description"] = description } },
        cancellationToken)).Read(NeutronJson.Default.NeutronSecurityGroupReply).SecurityGroup;

    public Task<CloudReply> DeleteSecurityGroupAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, "security-groups/" + id, "delete the security group", null, cancellationToken);

    public Task<CloudReply> CreateRuleAsync(JsonObject rule, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Post,
            "security-group-rules",
            "let clients in",
            new JsonObject { ["security_group_rule"] = rule },
            cancellationToken);

    public Task<CloudReply> DeleteRuleAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, "security-group-rules/" + id, "keep clients out", null, cancellationToken);

    public async Task<IReadOnlyList<NeutronFloatingIp>> ListFloatingIpsAsync(string filter, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Get, "floatingips?" + filter, "list public addresses", null, cancellationToken))
            .Read(NeutronJson.Default.NeutronFloatingIpsReply).FloatingIps;

    public Task<CloudReply> CreateFloatingIpAsync(JsonObject address, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "floatingips", "give a public address", new JsonObject { ["floatingip"] = address }, cancellationToken);

    public static NeutronFloatingIp FloatingIpIn(CloudReply made) => made.Read(NeutronJson.Default.NeutronFloatingIpReply).FloatingIp;

    public Task<CloudReply> DeleteFloatingIpAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, "floatingips/" + id, "take the public address back", null, cancellationToken);

    public async Task<IReadOnlyList<NeutronNetwork>> ListExternalNetworksAsync(CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Get, "networks?router:external=true", "list networks", null, cancellationToken))
            .Read(NeutronJson.Default.NeutronNetworksReply).Networks;

    /// <summary>Null: there is none that this service sees.</summary>
    public async Task<NeutronNetwork?> FindNetworkAsync(string id, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Get, "networks/" + Uri.EscapeDataString(id), "look at the network", null, cancellationToken))
            .ReadOrNull(NeutronJson.Default.NeutronNetworkReply)?.Network;

    public async Task<IReadOnlyList<NeutronSharing>> ListSharingsAsync(string networkId, CancellationToken cancellationToken) =>
        (await SendAsync(
            HttpMethod.Get,
            "rbac-policies?object_type=network&object_id=" + Uri.EscapeDataString(networkId),
            "look who may use the network",
            null,
            cancellationToken)).Read(NeutronJson.Default.NeutronSharingsReply).Sharings;

    private Task<CloudReply> SendAsync(
        HttpMethod method, string path, string purpose, JsonObject? body, CancellationToken cancellationToken) =>
        session.SendAsync(new CloudRequest(CloudService.Network, method, "v2.0/" + path, purpose) { Body = body }, cancellationToken);
}
