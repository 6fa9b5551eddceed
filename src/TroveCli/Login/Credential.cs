using System.Text.Json.Nodes;

namespace Dbaas.TroveCli.Login;

/// <summary>What proves to Keystone who calls. Classes: a record would print its secret.</summary>
internal abstract class Credential
{
    /// <summary>Keystone's name of the method.</summary>
    public abstract string Method { get; }

    /// <summary>What stands under the method's name.</summary>
    public abstract JsonObject ToJson();
}

internal sealed class PasswordCredential(NameInDomain user, string password) : Credential
{
    public override string Method => "password";

    public override JsonObject ToJson()
    {
        var one = user.ToJson();
        one["password"] = password;
        return new JsonObject { ["user"] = one };
    }
}

internal sealed class TokenCredential(string token) : Credential
{
    public string Token => token;

    public override string Method => "token";

    public override JsonObject ToJson() => new() { ["id"] = token };
}

/// <summary>By its id, or by its name and the user whose it is. It is of one project.</summary>
internal sealed class ApplicationCredential(string? id, string? name, NameInDomain user, string secret) : Credential
{
    public override string Method => "application_credential";

    public override JsonObject ToJson()
    {
        var one = id is not null ? new JsonObject { ["id"] = id } : new JsonObject { ["name"] = name, ["user"] = user.ToJson() };
        one["secret"] = secret;
        return one;
    }
}
