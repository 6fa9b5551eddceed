using System.Text.Json.Nodes;

namespace Dbaas.TroveCli.Login;

/// <summary>A Keystone domain by id or else by name; "default" where nothing is said.</summary>
internal sealed record DomainName(string? Id, string? Name)
{
    public JsonObject ToJson() => Id is null && Name is not null
        ? new JsonObject { ["name"] = Name }
        : new JsonObject { ["id"] = Id ?? "default" };
}
