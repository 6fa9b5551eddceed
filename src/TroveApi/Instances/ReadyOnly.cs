using Dbaas.Domain.Operations;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>Starts an operation on an instance that is ready and free, or says what keeps it from being worked on.</summary>
internal sealed class ReadyOnly(InstanceReader reader, OperationStart start)
{
    /// <exception cref="FaultException">It is busy, or not as it should be, or would be locked out of its own mending.</exception>
    public async Task<Answer> StartAsync(ApiRequest request, InstanceFacts facts, string kind, string? goal = null, string? newName = null)
    {
        var id = facts.Instance.Id;
        if (StopsDatabase(kind) && facts.Guest is { IsVolumeFull: true })
        {
            throw FaultException.Unprocessable(
                $"The volume of instance {id} is full: its database may not start again once it has stopped. Resize the volume first.");
        }

        var wish = new OperationWish(kind, id, StartMode.WhenReady) { Goal = goal, NewName = newName };
        return facts.Status.IsActive && await start.TryAsync(wish, request.Cancelled)
            ? Answer.Accepted
            : throw FaultException.NotAvailable(id, Busy.Word(await reader.FindAsync(request, id)));
    }

    private static bool StopsDatabase(string kind) =>
        kind is OperationKinds.Restart or OperationKinds.Reboot or OperationKinds.StopDatabase or OperationKinds.Migrate;
}
