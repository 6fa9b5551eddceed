using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary><c>DELETE /instances/{id}</c>.</summary>
internal sealed class DeleteEndpoint(InstanceReader reader, OperationStart start)
{
    // What was seen may have changed when it is acted on: look again and decide anew, but not for ever.
    private const int MostTries = 5;

    public async Task<Answer> DeleteAsync(ApiRequest request)
    {
        for (var tries = 1; ; tries++)
        {
            var facts = await reader.FindAsync(request, request.Id("id"));
            if (facts.Operation is { Kind: OperationKinds.DeleteInstance })
            {
                return Answer.Accepted;
            }

            var isGivenUp = facts.Operation is { SupersededBy: not null } or { Status: OperationStatus.Undoing };
            Check(facts, isGivenUp);
            if (await TryStartAsync(request, facts, isGivenUp))
            {
                return Answer.Accepted;
            }

            if (tries == MostTries)
            {
                throw facts.Instance.SlaveOfId is { } masterId
                    ? FaultException.NotAvailable(masterId, "busy")
                    : FaultException.NotAvailable(facts.Instance.Id, Busy.Word(facts));
            }
        }
    }

    private Task<bool> TryStartAsync(ApiRequest request, InstanceFacts facts, bool isGivenUp)
    {
        var masterId = facts.Instance.SlaveOfId;
        return start.TryAsync(
            new OperationWish(OperationKinds.DeleteInstance, facts.Instance.Id, StartMode.WhenFree)
            {
                Goal = JsonSerializer.Serialize(new LeaveMasterGoal(masterId)),
                SharedId = masterId,
                OnlyWithoutSlaves = true,
                Behind = isGivenUp ? facts.Instance.Version : null,
            },
            request.Cancelled);
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
