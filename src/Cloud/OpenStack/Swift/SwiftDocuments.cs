using System.Text.Json.Serialization;

namespace Dbaas.Cloud.OpenStack.Swift;

/// <summary>An object in a list.</summary>
internal sealed record SwiftObject(string Name, long Bytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<SwiftObject>))]
internal sealed partial class SwiftJson : JsonSerializerContext;
