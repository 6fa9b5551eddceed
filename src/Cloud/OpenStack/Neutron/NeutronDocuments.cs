using System.Text.Json.Serialization;

namespace Dbaas.Cloud.OpenStack.Neutron;

/// <summary>A port.</summary>
internal sealed record NeutronPort(string Id, string Name, string NetworkId, string? DeviceId, DateTimeOffset CreatedAt)
{
    public string Description { get; init; } = "";

    public IReadOnlyList<NeutronFixedIp> FixedIps { get; init; } = [];

    public IReadOnlyList<string> SecurityGroups { get; init; } = [];
}

internal sealed record NeutronFixedIp(string IpAddress, string? SubnetId);

internal sealed record NeutronPortReply(NeutronPort Port);

internal sealed record NeutronPortsReply(IReadOnlyList<NeutronPort> Ports);

/// <summary>A packet filter.</summary>
internal sealed record NeutronSecurityGroup(string Id, string Name, DateTimeOffset CreatedAt)
{
    public string Description { get; init; } = "";

    [JsonPropertyName("security_group_rules")]
    public IReadOnlyList<NeutronRule> Rules { get; init; } = [];
}

/// <summary>What it lets in or out.</summary>
internal sealed record NeutronRule(string Id, string Direction, string Ethertype, string? Protocol)
{
    public int? PortRangeMin { get; init; }

    public int? PortRangeMax { get; init; }

    public string? RemoteIpPrefix { get; init; }

    public string? RemoteGroupId { get; init; }
}

internal sealed record NeutronSecurityGroupReply(NeutronSecurityGroup SecurityGroup);

internal sealed record NeutronSecurityGroupsReply(IReadOnlyList<NeutronSecurityGroup> SecurityGroups);

/// <summary>A public address.</summary>
internal sealed record NeutronFloatingIp(string Id, string FloatingIpAddress, string FloatingNetworkId, string? PortId)
{
    public string Description { get; init; } = "";
}

internal sealed record NeutronFloatingIpReply([property: JsonPropertyName("floatingip")] NeutronFloatingIp FloatingIp);

internal sealed record NeutronFloatingIpsReply([property: JsonPropertyName("floatingips")] IReadOnlyList<NeutronFloatingIp> FloatingIps);

internal sealed record NeutronNetwork(string Id, string Name)
{
    /// <summary>The project that it belongs to.</summary>
    public string ProjectId { get; init; } = "";

    /// <summary>Everybody may use it.</summary>
    public bool Shared { get; init; }
}

internal sealed record NeutronNetworkReply(NeutronNetwork Network);

internal sealed record NeutronNetworksReply(IReadOnlyList<NeutronNetwork> Networks);

/// <summary>What an owner has shared: <c>access_as_shared</c> with a project, or with everybody (<c>*</c>).</summary>
internal sealed record NeutronSharing(string Action, string TargetTenant);

internal sealed record NeutronSharingsReply([property: JsonPropertyName("rbac_policies")] IReadOnlyList<NeutronSharing> Sharings);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(NeutronPortReply))]
[JsonSerializable(typeof(NeutronPortsReply))]
[JsonSerializable(typeof(NeutronSecurityGroupReply))]
[JsonSerializable(typeof(NeutronSecurityGroupsReply))]
[JsonSerializable(typeof(NeutronFloatingIpReply))]
[JsonSerializable(typeof(NeutronFloatingIpsReply))]
[JsonSerializable(typeof(NeutronNetworkReply))]
[JsonSerializable(typeof(NeutronNetworksReply))]
[JsonSerializable(typeof(NeutronSharingsReply))]
internal sealed partial class NeutronJson : JsonSerializerContext;
