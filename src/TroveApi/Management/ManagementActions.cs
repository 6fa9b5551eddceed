using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Management;

/// <summary><c>POST /mgmt/instances/{id}/action</c>: exactly one action of an administrator's.</summary>
internal sealed class ManagementActions(
    InstanceReader reader, ReadyOnly ready, OperationStart start, FormerMasters former, OperationGiveUp giveUp, AgentUpgrade upgrade)
{
    public async Task<Answer> ActAsync(ApiRequest request)
    {
        Policy.RequireAdmin(request.Caller);
        var actions = (await request.BodyAsync()).Members().ToList();
        if (actions.Count != 1)
        {
            throw FaultException.BadRequest("The body must name exactly one action.");
        }

        var facts = await reader.FindAsync(request, request.Id("id"));
        var (name, value) = actions[0];
        return name switch
        {
            "stop" => await ready.StartAsync(request, facts, OperationKinds.StopDatabase),
            "reboot" => await ready.StartAsync(request, facts, OperationKinds.Reboot),
            "migrate" => await ready.StartAsync(request, facts, OperationKinds.Migrate, JsonSerializer.Serialize(Destination(value))),
            "reset-task-status" => await giveUp.ActAsync(request, facts),
            "rebuild" => await StartAsync(request, facts, OperationKinds.Rebuild, JsonSerializer.Serialize(Image(value))),
            "evacuate" => await StartAsync(request, facts, OperationKinds.Evacuate, JsonSerializer.Serialize(Destination(value))),
            "upgrade_agent" => await upgrade.StartAsync(request, facts, value),
            _ => throw FaultException.BadRequest($"Invalid instance action: {name}"),
        };
    }

    /// <summary>Also for an instance whose server is gone: that is what these are for.</summary>
    private async Task<Answer> StartAsync(ApiRequest request, InstanceFacts facts, string kind, string goal)
    {
        var id = facts.Instance.Id;
        await former.CheckAsync(request, facts);
        var wish = new OperationWish(kind, id, StartMode.WhenCreated) { Goal = goal, OnlyAt = facts.Instance.Version };
        return await start.TryAsync(wish, request.Cancelled)
            ? Answer.Accepted
            : throw FaultException.NotAvailable(id, Busy.Word(await reader.FindAsync(request, id)));
    }

    private static RebuildGoal Image(JsonField value) =>
        (value.IsNull ? null : value.Only("image_id").FindValue("image_id")?.Text(255)) is { } image
            ? new RebuildGoal(
                image.Length > 0 ? image : throw FaultException.BadRequest("'image_id' is empty: leave it away for the datastore's image."))
            : new RebuildGoal(ImageId: null);

    private static MigrateGoal Destination(JsonField value) =>
        new(value.IsNull ? null : value.Only("host").FindValue("host")?.Text(255));
}
