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

            Check(facts);
            if (await TryStartAsync(request, facts))
            {
                return Answer.Accepted;
            }

            if (tries == MostTries)
            {
                throw FaultException.NotAvailable(facts.Instance.Id, Busy.Word(facts));
            }
        }
    }

    // An operation that has the instance gives it up for this one, whose first step waits for that; so it does for replicas' operations.
    private Task<bool> TryStartAsync(ApiRequest request, InstanceFacts facts)
    {
        var isFree = facts.Instance is { LockOwner: null, LockShared: 0 };
        return start.TryAsync(
            new OperationWish(OperationKinds.DeleteInstance, facts.Instance.Id, StartMode.WhenFree)
            {
                Goal = JsonSerializer.Serialize(new LeaveMasterGoal(facts.Instance.SlaveOfId)),
                OnlyWithoutSlaves = true,
                Behind = isFree ? null : facts.Instance.Version,
                TakesOver = isFree ? null : facts.Instance.LockOwner,
            },
            request.Cancelled);
    }

    private static void Check(InstanceFacts facts)
    {
        if (facts.Instance.SlaveCount > 0)
        {
            throw FaultException.Forbidden("Detach replicas before deleting replica source.");
        }

        // As in Trove: what is being built has to be given up first.
        var isGivenUp = facts.Operation is { SupersededBy: not null } or { Status: OperationStatus.Undoing };
        if (facts.Status.Status == "BUILD" && !isGivenUp)
        {
            throw FaultException.NotAvailable(facts.Instance.Id, Busy.Word(facts));
        }
    }
}
