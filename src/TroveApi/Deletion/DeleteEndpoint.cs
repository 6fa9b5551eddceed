using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Deletion;

/// <summary><c>DELETE /instances/{id}</c>, at once or after a last backup (<c>?final_backup=NAME</c>).</summary>
internal sealed class DeleteEndpoint(InstanceReader reader, OperationStart start, FinalBackup finalBackup)
{
    // What was seen may have changed when it is acted on: look again and decide anew, but not for ever.
    private const int MostTries = 5;

    public async Task<Answer> DeleteAsync(ApiRequest request)
    {
        var backup = FinalBackup.Name(request);
        for (var tries = 1; ; tries++)
        {
            var facts = await reader.FindAsync(request, request.Id("id"));
            if (IsAskedFor(facts, backup))
            {
                return Answer.Accepted;
            }

            Check(facts);
            if (backup is null ? await TryStartAsync(request, facts) : await finalBackup.TryStartAsync(request, facts, backup))
            {
                return Answer.Accepted;
            }

            if (tries == MostTries)
            {
                throw FaultException.NotAvailable(facts.Instance.Id, Busy.Word(facts));
            }
        }
    }

    // A deletion that waits for a last backup is overruled by one that does not; a deletion that has begun waits for none.
    private static bool IsAskedFor(InstanceFacts facts, string? backup) => (facts.Operation?.Kind, backup) switch
    {
        (OperationKinds.DeleteInstance, null) or (OperationKinds.DeleteAfterBackup, not null) => true,
        (OperationKinds.DeleteInstance, not null) => throw FaultException.Unprocessable(
            $"Instance {facts.Instance.Id} is being deleted already, and no backup comes before it any more."),
        _ => false,
    };

    // An operation that has the instance gives it up for this one, whose first step waits for that; so it does for replicas' operations.
    private Task<bool> TryStartAsync(ApiRequest request, InstanceFacts facts)
    {
        var isFree = facts.Instance is { LockOwner: null, LockShared: 0 };
        return start.TryAsync(
            new OperationWish(OperationKinds.DeleteInstance, facts.Instance.Id, StartMode.WhenFree)
            {
                Goal = JsonSerializer.Serialize(new LeaveMasterGoal(facts.Instance.SlaveOfId)),
                OnlyWithoutSlaves = true,

                // As it was when it was seen: nobody has protected it since.
                OnlyAt = isFree ? facts.Instance.Version : null,
                Behind = isFree ? null : facts.Instance.Version,
                TakesOver = isFree ? null : facts.Instance.LockOwner,
            },
            request.Cancelled);
    }

    private static void Check(InstanceFacts facts)
    {
        if (facts.Instance.DeletionProtection)
        {
            throw FaultException.Forbidden(
                $"Instance {facts.Instance.Id} is protected from deletion. Whoever wants to delete it takes that away first: "
                    + """PATCH it with {"instance": {"deletion_protection": false}}.""");
        }

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
