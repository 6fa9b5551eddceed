using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;

namespace Dbaas.TroveCli.Instances;

/// <summary>Who may reach an instance, in the words of `openstack database instance`.</summary>
internal sealed class AccessOptions
{
    private readonly Option<bool> isPublic = Parts.Flag("is-public", "Give it an address that is reached from outside.");
    private readonly Option<bool> isPrivate = Parts.Flag("is-private", "Take that address from it.");
    private readonly Option<string[]> cidrs = Parts.Several(
        "allowed-cidr", "network", "The networks that may reach it, for example 10.1.0.0/16; 0.0.0.0/0 is everybody.");

    public Option[] All => [isPublic, isPrivate, cidrs];

    /// <returns>Null: nothing is said.</returns>
    public JsonObject? Read(Call call)
    {
        if (call.Get(isPublic) && call.Get(isPrivate))
        {
            throw new UsageException("--is-public and --is-private contradict each other.");
        }

        var access = new JsonObject();
        if (call.Get(isPublic) || call.Get(isPrivate))
        {
            access["is_public"] = call.Get(isPublic);
        }

        if (call.Get(cidrs) is { Length: > 0 } networks)
        {
            access["allowed_cidrs"] = new JsonArray([.. networks.Select(network => (JsonNode)network)]);
        }

        return access.Count > 0 ? access : null;
    }
}
