using System.Text.Json.Nodes;

namespace Dbaas.TroveCli.Login;

/// <summary>A user or a project: by its id, or by its name in a domain.</summary>
internal sealed record NameInDomain(string? Id, string? Name, DomainName Domain)
{
    public bool IsGiven => Id is not null || Name is not null;

    public JsonObject ToJson() => Id is not null
        ? new JsonObject { ["id"] = Id }
        : new JsonObject { ["name"] = Name, ["domain"] = Domain.ToJson() };
}
