using System.Text.Json.Serialization;

namespace Dbaas.Cloud.OpenStack.Nova;

/// <summary>A server as Nova shows it.</summary>
internal sealed record NovaServer(string Id, string Name, string Status, DateTimeOffset Created)
{
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Later microversions show no id here.</summary>
    public NovaReference? Flavor { get; init; }

    /// <summary>Shown while the server is in error.</summary>
    public NovaFault? Fault { get; init; }

    /// <summary>What is under way; null: nothing.</summary>
    [JsonPropertyName("OS-EXT-STS:task_state")]
    public string? TaskState { get; init; }

    [JsonPropertyName("OS-EXT-STS:power_state")]
    public int? PowerState { get; init; }

    /// <summary>For administrators of the cloud only.</summary>
    [JsonPropertyName("OS-EXT-SRV-ATTR:host")]
    public string? Host { get; init; }

    /// <summary>For everybody: tells hosts apart, and names none.</summary>
    [JsonPropertyName("hostId")]
    public string? HostId { get; init; }
}

internal sealed record NovaReference(string Id);

internal sealed record NovaFault(string? Message);

internal sealed record NovaLink(string Rel, string Href);

internal sealed record NovaServerReply(NovaServer Server);

internal sealed record NovaServersReply(
    IReadOnlyList<NovaServer> Servers, [property: JsonPropertyName("servers_links")] IReadOnlyList<NovaLink>? Links);

internal sealed record NovaMadeServer(string Id);

internal sealed record NovaMadeServerReply(NovaMadeServer Server);

/// <summary>A size.</summary>
internal sealed record NovaFlavor(string Id, string Name, int Ram, int Vcpus, int Disk);

internal sealed record NovaFlavorReply(NovaFlavor Flavor);

internal sealed record NovaFlavorsReply(
    IReadOnlyList<NovaFlavor> Flavors, [property: JsonPropertyName("flavors_links")] IReadOnlyList<NovaLink>? Links);

internal sealed record NovaZone(
    [property: JsonPropertyName("zoneName")] string Name, [property: JsonPropertyName("zoneState")] NovaZoneState State);

internal sealed record NovaZoneState(bool Available);

internal sealed record NovaZonesReply([property: JsonPropertyName("availabilityZoneInfo")] IReadOnlyList<NovaZone> Zones);

internal sealed record NovaConsoleReply(string? Output);

/// <summary>Something that was done to a server.</summary>
internal sealed record NovaAction(string Action, string RequestId, string? Message);

internal sealed record NovaActionsReply([property: JsonPropertyName("instanceActions")] IReadOnlyList<NovaAction> Actions);

internal sealed record NovaActionEvent(string Event, string? Result, string? Details);

internal sealed record NovaActionDetail(IReadOnlyList<NovaActionEvent>? Events);

internal sealed record NovaActionReply([property: JsonPropertyName("instanceAction")] NovaActionDetail Action);

/// <summary>A rule for placing servers, with those that it binds.</summary>
internal sealed record NovaServerGroup(string Id, string Name, IReadOnlyList<string> Members);

internal sealed record NovaServerGroupReply([property: JsonPropertyName("server_group")] NovaServerGroup Group);

internal sealed record NovaServerGroupsReply([property: JsonPropertyName("server_groups")] IReadOnlyList<NovaServerGroup> Groups);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(NovaServerReply))]
[JsonSerializable(typeof(NovaServersReply))]
[JsonSerializable(typeof(NovaMadeServerReply))]
[JsonSerializable(typeof(NovaFlavorReply))]
[JsonSerializable(typeof(NovaFlavorsReply))]
[JsonSerializable(typeof(NovaZonesReply))]
[JsonSerializable(typeof(NovaConsoleReply))]
[JsonSerializable(typeof(NovaActionsReply))]
[JsonSerializable(typeof(NovaActionReply))]
[JsonSerializable(typeof(NovaServerGroupReply))]
[JsonSerializable(typeof(NovaServerGroupsReply))]
internal sealed partial class NovaJson : JsonSerializerContext;
