using System.Text.Json.Serialization;

namespace Dbaas.Cloud.OpenStack.Cinder;

/// <summary>A volume as Cinder shows it.</summary>
internal sealed record CinderVolume(string Id, string? Name, string Status, int Size, DateTimeOffset CreatedAt)
{
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<CinderAttachment> Attachments { get; init; } = [];
}

internal sealed record CinderAttachment(string AttachmentId, string? ServerId);

internal sealed record CinderVolumeReply(CinderVolume Volume);

internal sealed record CinderLink(string Rel, string Href);

internal sealed record CinderVolumesReply(
    IReadOnlyList<CinderVolume> Volumes, [property: JsonPropertyName("volumes_links")] IReadOnlyList<CinderLink>? Links);

/// <summary>A kind of volume.</summary>
internal sealed record CinderType(string Id, string Name, string? Description);

internal sealed record CinderTypesReply([property: JsonPropertyName("volume_types")] IReadOnlyList<CinderType> Types);

internal sealed record CinderZone([property: JsonPropertyName("zoneName")] string Name);

internal sealed record CinderZonesReply([property: JsonPropertyName("availabilityZoneInfo")] IReadOnlyList<CinderZone> Zones);

/// <summary>Why something failed later than its call.</summary>
internal sealed record CinderMessage(string UserMessage, DateTimeOffset CreatedAt);

internal sealed record CinderMessagesReply(IReadOnlyList<CinderMessage> Messages);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CinderVolumeReply))]
[JsonSerializable(typeof(CinderVolumesReply))]
[JsonSerializable(typeof(CinderTypesReply))]
[JsonSerializable(typeof(CinderZonesReply))]
[JsonSerializable(typeof(CinderMessagesReply))]
internal sealed partial class CinderJson : JsonSerializerContext;
