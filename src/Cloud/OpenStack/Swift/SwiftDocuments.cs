using System.Text.Json.Serialization;

namespace Dbaas.Cloud.OpenStack.Swift;

/// <summary>An object in a list.</summary>
internal sealed record SwiftObject(string Name, long Bytes);

/// <summary>A segment in the manifest of a large object.</summary>
internal sealed record ManifestEntry(string Etag, long SizeBytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<SwiftObject>))]
[JsonSerializable(typeof(IReadOnlyList<ManifestEntry>))]
internal sealed partial class SwiftJson : JsonSerializerContext;
