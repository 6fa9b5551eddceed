using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>Starts an operation on an instance that is ready and free, or says what keeps it from being worked on.</summary>
internal sealed class ReadyOnly(InstanceReader reader, OperationStart start)
{
    /// <exception cref="FaultException">It is busy, or not as it should be.</exception>
    public async Task<Answer> StartAsync(ApiRequest request, InstanceFacts facts, string kind, string? goal = null, string? newName = null)
    {
        var id = facts.Instance.Id;
        var wish = new OperationWish(kind, id, StartMode.WhenReady) { Goal = goal, NewName = newName };
        return facts.Status.Status == "ACTIVE" && await start.TryAsync(wish, request.Cancelled)
            ? Answer.Accepted
            : throw FaultException.NotAvailable(id, Busy.Word(await reader.FindAsync(request, id)));
    }
}
