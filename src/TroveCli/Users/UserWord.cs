using System.Text.Json.Nodes;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Users;

/// <summary>A user with a password, as somebody typed it.</summary>
internal sealed record UserWord(string Name, string Password)
{
    public JsonObject ToJson(string? host, IEnumerable<string> databases)
    {
        var user = new JsonObject { ["name"] = Name, ["password"] = Password, ["databases"] = UserWords.Named(databases) };
        user.SetIfGiven("host", host);
        return user;
    }

    /// <summary>Never the password.</summary>
    public override string ToString() => Name;
}
