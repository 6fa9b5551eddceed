using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dbaas.Identity.BuiltIn;

/// <summary>What is inside a token.</summary>
/// <param name="Id">Names the token without giving it away (Keystone's audit id).</param>
/// <param name="UserId">The user.</param>
/// <param name="ProjectId">The project; null: none.</param>
/// <param name="Methods">How the user proved to be it.</param>
/// <param name="Issued">Unix milliseconds.</param>
/// <param name="Expires">Unix milliseconds.</param>
/// <param name="PasswordMark">Of the password that the user had: another password ends it.</param>
internal sealed record TokenContent(
    string Id, string UserId, string? ProjectId, IReadOnlyList<string> Methods, long Issued, long Expires, string? PasswordMark);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(TokenContent))]
[JsonSerializable(typeof(Dictionary<string, long>))]
internal sealed partial class TokenJson : JsonSerializerContext;
