using System.Text.Json.Serialization;

namespace Dbaas.Benchmarks.ListInstances;

/// <summary>The answer of <c>GET /instances</c>, as somebody would declare it who serves nothing else.</summary>
internal sealed record BareDocument(IReadOnlyList<BareInstance> Instances);

internal sealed record BareInstance(
    string Id,
    string Name,
    string Status,
    string OperatingStatus,
    IReadOnlyList<BareLink> Links,
    BareReference Flavor,
    BareDatastore Datastore,
    string Region,
    BareAccess Access,
    BareVolume Volume,
    IReadOnlyList<string> Ip,
    IReadOnlyList<BareAddress> Addresses);

/// <summary>The answer of <c>GET /instances/{id}</c>.</summary>
internal sealed record BareShown(BareInstanceInFull Instance);

internal sealed record BareInstanceInFull(
    string Id,
    string Name,
    string Status,
    string OperatingStatus,
    IReadOnlyList<BareLink> Links,
    BareReference Flavor,
    BareNumberedDatastore Datastore,
    string Region,
    BareAccess Access,
    BareVolume Volume,
    IReadOnlyList<string> Ip,
    IReadOnlyList<BareAddress> Addresses,
    string Created,
    string Updated,
    string ServiceStatusUpdated,
    bool DeletionProtection,
    bool PointInTimeRecovery);

internal sealed record BareLink(string Href, string Rel);

internal sealed record BareReference(string Id, IReadOnlyList<BareLink> Links);

internal sealed record BareDatastore(string Type, string Version);

internal sealed record BareNumberedDatastore(string Type, string Version, string? VersionNumber);

internal sealed record BareAccess(bool IsPublic);

internal sealed record BareVolume(int Size);

internal sealed record BareAddress(string Address, string Type, int Port);

[JsonSerializable(typeof(BareDocument))]
[JsonSerializable(typeof(BareShown))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class BareJson : JsonSerializerContext;
