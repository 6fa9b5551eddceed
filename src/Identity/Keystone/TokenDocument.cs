using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Dbaas.Keystone;

namespace Dbaas.Identity.Keystone;

/// <summary>What Keystone says about a token: of a login, and of a token that is asked about.</summary>
internal sealed record TokenDocument(TokenDocument.TokenPart Token)
{
    /// <param name="ExpiresAt">When it ends.</param>
    /// <param name="User">Whose it is.</param>
    /// <param name="Project">What it is for; null: for no project, but a domain, the system, or nothing.</param>
    /// <param name="Roles">The user's there.</param>
    internal sealed record TokenPart(DateTimeOffset ExpiresAt, Named User, Named? Project = null, IReadOnlyList<Named>? Roles = null);

    internal sealed record Named(string Id, string Name);
}

/// <summary>Keystone's own refusal, as opposed to that of something in front of it.</summary>
internal sealed record RefusalDocument(RefusalDocument.ErrorPart? Error)
{
    internal sealed record ErrorPart(int Code);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(KeystoneTime)])]
[JsonSerializable(typeof(TokenDocument))]
[JsonSerializable(typeof(RefusalDocument))]
internal sealed partial class KeystoneJson : JsonSerializerContext
{
    /// <summary>Null: not of this form.</summary>
    public static T? Read<T>(byte[] body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
