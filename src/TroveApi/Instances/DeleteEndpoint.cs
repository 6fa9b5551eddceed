using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary><c>DELETE /instances/{id}</c>.</summary>
internal sealed class DeleteEndpoint(InstanceReader reader, OperationStart start)
{
    public async Task<Answer> DeleteAsync(ApiRequest request)
    {
        var facts = await reader.FindAsync(request, request.Id("id"));
        if (facts.Operation is { Kind: OperationKinds.DeleteInstance })
        {
            return Answer.Accepted;
        }

        var holder = facts.Operation;
        var isGivenUp = holder is { SupersededBy: not null } or { Status: OperationStatus.Undoing };
        Check(facts, isGivenUp);
        var masterId = facts.Instance.SlaveOfId;
        var isStarted = await start.TryAsync(
            new OperationWish(
                OperationKinds.DeleteInstance, facts.Instance.Id, isGivenUp ? StartMode.BehindAnother : StartMode.WhenFree)
            {
                Goal = JsonSerializer.Serialize(new LeaveMasterGoal(masterId)),
                SharedId = masterId,
                OnlyWithoutSlaves = true,
            },
            request.Cancelled);
        if (isStarted)
        {
            return Answer.Accepted;
        }

        var now = await reader.FindAsync(request, facts.Instance.Id);
        if (now.Operation is { Kind: OperationKinds.DeleteInstance })
        {
            return Answer.Accepted;
        }

        Check(now, isGivenUp: false);
        throw masterId is null
            ? FaultException.NotAvailable(now.Instance.Id, Busy.Word(now))
            : FaultException.NotAvailable(masterId, "busy");
    }

    private static void Check(InstanceFacts facts, bool isGivenUp)
    {
        if (facts.Instance.SlaveCount > 0)
        {
            throw FaultException.Forbidden("Detach replicas before deleting replica source.");
        }

        var isBusy = facts.Instance.LockOwner is not null || facts.Instance.LockShared > 0 || facts.Status.Status == "BUILD";
        if (isBusy && !isGivenUp)
        {
            throw FaultException.NotAvailable(facts.Instance.Id, Busy.Word(facts));
        }
    }
}
