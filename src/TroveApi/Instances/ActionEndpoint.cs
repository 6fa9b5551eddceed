using Dbaas.Domain.Operations;
using Dbaas.TroveApi.Http;
using Microsoft.AspNetCore.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary><c>POST /instances/{id}/action</c>: exactly one action.</summary>
internal sealed class ActionEndpoint(
    InstanceReader reader, ReadyOnly ready, Detach detach, Promotion promotion, Ejection ejection, Resize resize, OperationGiveUp giveUp)
{
    public async Task<Answer> ActAsync(ApiRequest request)
    {
        var body = await request.BodyAsync();
        var actions = body.Members().ToList();
        if (actions.Count != 1)
        {
            throw FaultException.BadRequest("The body must name exactly one action.");
        }

        var (name, value) = actions[0];
        Policy.Check(request.Caller, HttpMethods.Post, RuleOf(name, value));
        var facts = await reader.FindAsync(request, request.Id("id"));
        return name switch
        {
            "restart" => await ready.StartAsync(request, facts, OperationKinds.Restart),
            "detach_replication" => await detach.StartAsync(request, facts, newName: null),
            "promote_to_replica_source" => await promotion.StartAsync(request, facts),
            "eject_replica_source" => await ejection.StartAsync(request, facts, value),
            "reset_status" => await ResetStatusAsync(request, facts, value),
            "resize" => await resize.StartAsync(request, facts, value),
            _ => throw FaultException.NotYet(name),
        };
    }

    // Trove's names. Two of its rules share an action, by what is resized.
    private static string RuleOf(string action, JsonField value) => action switch
    {
        "restart" or "reset_status" or "promote_to_replica_source" or "eject_replica_source" => $"instance:{action}",
        "resize" => value.FindValue("volume") is null ? "instance:resize_flavor" : "instance:resize_volume",
        "detach_replication" => "instance:update",
        _ => throw FaultException.BadRequest($"Invalid instance action: {action}"),
    };

    private async Task<Answer> ResetStatusAsync(ApiRequest request, InstanceFacts facts, JsonField value)
    {
        var isForcedDelete = value.Element.ValueKind == System.Text.Json.JsonValueKind.Object && value.Find("force_delete") is not null;
        if (!request.IsAdmin && !isForcedDelete)
        {
            throw Policy.Denied("instance:reset_status");
        }

        return await giveUp.ActAsync(request, facts);
    }
}
