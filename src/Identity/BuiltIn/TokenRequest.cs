using System.Text.Json;

namespace Dbaas.Identity.BuiltIn;

/// <summary>The body of <c>POST /v3/auth/tokens</c>, as far as it counts here.</summary>
internal sealed record TokenRequest
{
    public required IReadOnlyList<string> Methods { get; init; }

    public string? UserId { get; init; }

    public string? UserName { get; init; }

    public string? Password { get; init; }

    public string? Token { get; init; }

    public string? ProjectId { get; init; }

    public string? ProjectName { get; init; }

    /// <summary>A domain was named that is not the one there is, or a scope that is no project.</summary>
    public bool IsElsewhere { get; init; }

    /// <exception cref="IdentityFault">The body does not have the form.</exception>
    public static TokenRequest Parse(JsonElement body)
    {
        try
        {
            var auth = body.GetProperty("auth");
            var identity = auth.GetProperty("identity");
            var methods = identity.GetProperty("methods").EnumerateArray().Select(method => method.GetString() ?? "").ToList();
            if (methods.Count == 0 || methods.Except(["password", "token"]).Any())
            {
                throw IdentityFault.OtherMethod();
            }

            JsonElement? user = methods.Contains("password") ? identity.GetProperty("password").GetProperty("user") : null;
            JsonElement? scope = auth.TryGetProperty("scope", out var given) && given.ValueKind == JsonValueKind.Object ? given : null;
            JsonElement? project = scope is { } s && s.TryGetProperty("project", out var p) ? p : null;
            return new TokenRequest
            {
                Methods = methods,
                UserId = Text(user, "id"),
                UserName = Text(user, "name"),
                Password = user?.GetProperty("password").GetString(),
                Token = methods.Contains("token") ? identity.GetProperty("token").GetProperty("id").GetString() : null,
                ProjectId = Text(project, "id"),
                ProjectName = Text(project, "name"),
                IsElsewhere = !IsOurDomain(user) || !IsOurDomain(project) || IsOtherScope(scope, project),
            };
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException)
        {
            throw IdentityFault.Bad("The request body does not have the form of an authentication request.");
        }
    }

    private static bool IsOtherScope(JsonElement? scope, JsonElement? project) =>
        scope is { } given && project is null && !given.TryGetProperty("unscoped", out _);

    private static string? Text(JsonElement? parent, string name) =>
        parent is { } element && element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static bool IsOurDomain(JsonElement? parent) =>
        parent is not { } element || !element.TryGetProperty("domain", out var domain)
        || (Text(domain, "id") ?? Registry.DomainId) == Registry.DomainId
            && string.Equals(Text(domain, "name") ?? Registry.DomainName, Registry.DomainName, StringComparison.OrdinalIgnoreCase);
}
