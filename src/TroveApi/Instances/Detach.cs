using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>Takes a slave off its master: asked for as an action, or by an update.</summary>
internal sealed class Detach(InstanceReader reader, OperationStart start)
{
    public async Task<Answer> StartAsync(ApiRequest request, InstanceFacts facts, string? newName)
    {
        var id = facts.Instance.Id;
        if (facts.Instance.SlaveOfId is not { } masterId)
        {
            throw FaultException.BadRequest($"Instance {id} is not a replica.");
        }

        var isStarted = facts.Status.IsActive && await start.TryAsync(
            new OperationWish(OperationKinds.DetachSlave, id, StartMode.WhenReady)
            {
                Goal = JsonSerializer.Serialize(new LeaveMasterGoal(masterId)),
                SharedId = masterId,
                NewName = newName,
            },
            request.Cancelled);
        return isStarted ? Answer.Accepted : throw await ExplainAsync(request, id, masterId);
    }

    private async Task<FaultException> ExplainAsync(ApiRequest request, string id, string masterId)
    {
        var slave = await reader.FindAsync(request, id);
        return !slave.Status.IsActive || slave.Instance.LockOwner is not null
            ? FaultException.NotAvailable(id, Busy.Word(slave))
            : FaultException.NotAvailable(masterId, Busy.Word(await reader.FindAsync(request, masterId)));
    }
}
