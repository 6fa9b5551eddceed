using System.Text;
using System.Text.Json.Nodes;

namespace Dbaas.Keystone;

/// <summary>A service's own account with a Keystone, version 3. A class, not a record: nothing prints its secrets by accident.</summary>
public sealed class KeystoneAccount
{
    /// <summary>Keystone's version 3 endpoint, for example <c>https://cloud.example/identity/v3</c>.</summary>
    public required Uri AuthUrl { get; init; }

    /// <summary>Login by password: the user.</summary>
    public string? UserName { get; init; }

    /// <summary>The domain's name of the user.</summary>
    public string UserDomain { get; init; } = "Default";

    /// <summary>Login by password: the password.</summary>
    public string? Password { get; init; }

    /// <summary>Login by password: the project.</summary>
    public string? ProjectName { get; init; }

    /// <summary>The domain's name of the project.</summary>
    public string ProjectDomain { get; init; } = "Default";

    /// <summary>Login by application credential, which names user and project by itself.</summary>
    public string? ApplicationCredentialId { get; init; }

    /// <summary>Its secret.</summary>
    public string? ApplicationCredentialSecret { get; init; }

    /// <summary>A file with the certificates (PEM) that alone are trusted; null: the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>An address of this Keystone, for example of <c>auth/tokens</c>.</summary>
    public Uri Address(string path) => new(AuthUrl.AbsoluteUri.TrimEnd('/') + "/" + path);

    /// <summary>Asks for a token. The body has its length: what a Keystone runs in reads none in chunks.</summary>
    public HttpRequestMessage LoginRequest() => new(HttpMethod.Post, Address("auth/tokens"))
    {
        Content = new StringContent(Login().ToJsonString(), Encoding.UTF8, "application/json"),
    };

    private JsonObject Login()
    {
        if (ApplicationCredentialId is { } id)
        {
            return Auth("application_credential", new JsonObject { ["id"] = id, ["secret"] = ApplicationCredentialSecret }, scope: null);
        }

        var user = new JsonObject { ["name"] = UserName, ["domain"] = Named(UserDomain), ["password"] = Password };
        var project = new JsonObject { ["name"] = ProjectName, ["domain"] = Named(ProjectDomain) };
        return Auth("password", new JsonObject { ["user"] = user }, new JsonObject { ["project"] = project });
    }

    private static JsonObject Auth(string method, JsonObject how, JsonObject? scope)
    {
        var auth = new JsonObject { ["identity"] = new JsonObject { ["methods"] = new JsonArray(method), [method] = how } };
        if (scope is not null)
        {
            auth["scope"] = scope;
        }

        return new JsonObject { ["auth"] = auth };
    }

    private static JsonObject Named(string name) => new() { ["name"] = name };
}
