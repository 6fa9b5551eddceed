using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Management;

/// <summary><c>POST /mgmt/instances/{id}/action</c>: exactly one action of an administrator's.</summary>
internal sealed class ManagementActions(InstanceReader reader, ReadyOnly ready, OperationGiveUp giveUp, AgentUpgrade upgrade)
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
            "upgrade_agent" => await upgrade.StartAsync(request, facts, value),
            "rebuild" => throw FaultException.NotYet("rebuild"),
            _ => throw FaultException.BadRequest($"Invalid instance action: {name}"),
        };
    }

    private static MigrateGoal Destination(JsonField value) =>
        new(value.IsNull ? null : value.Only("host").FindValue("host")?.Text(255));
}
