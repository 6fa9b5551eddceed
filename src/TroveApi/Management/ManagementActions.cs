using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Management;

/// <summary><c>POST /mgmt/instances/{id}/action</c>: exactly one action of an administrator's.</summary>
internal sealed class ManagementActions(InstanceReader reader, OperationStart start, OperationGiveUp giveUp)
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
            "stop" => await StartAsync(request, facts, OperationKinds.StopDatabase, goal: null),
            "reboot" => await StartAsync(request, facts, OperationKinds.Reboot, goal: null),
            "migrate" => await StartAsync(request, facts, OperationKinds.Migrate, JsonSerializer.Serialize(Destination(value))),
            "reset-task-status" => await giveUp.ActAsync(request, facts),
            "rebuild" => throw FaultException.NotYet("rebuild"),
            _ => throw FaultException.BadRequest($"Invalid instance action: {name}"),
        };
    }

    private static MigrateGoal Destination(JsonField value) =>
        new(value.IsNull ? null : value.Only("host").FindValue("host")?.Text(255));

    private async Task<Answer> StartAsync(ApiRequest request, InstanceFacts facts, string kind, string? goal)
    {
        var id = facts.Instance.Id;
        var isStarted = facts.Status.Status == "ACTIVE"
            && await start.TryAsync(new OperationWish(kind, id, StartMode.WhenReady) { Goal = goal }, request.Cancelled);
        return isStarted
            ? Answer.Accepted
            : throw FaultException.NotAvailable(id, Busy.Word(await reader.FindAsync(request, id)));
    }
}
