using System.Text.Json.Serialization;
using Dbaas.Keystone;

namespace Dbaas.Cloud.OpenStack.Session;

/// <summary>The answer to a login; the token itself is in a header.</summary>
internal sealed record LoginDocument(LoginToken Token);

internal sealed record LoginToken(DateTimeOffset ExpiresAt, LoginProject? Project, IReadOnlyList<CatalogueService>? Catalog);

internal sealed record LoginProject(string Id);

/// <summary>A service in the catalogue.</summary>
internal sealed record CatalogueService(string Type, IReadOnlyList<CatalogueEndpoint> Endpoints);

/// <summary>One of its endpoints.</summary>
internal sealed record CatalogueEndpoint(string Interface, string? Region, string Url);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(KeystoneTime)])]
[JsonSerializable(typeof(LoginDocument))]
internal sealed partial class KeystoneJson : JsonSerializerContext;
