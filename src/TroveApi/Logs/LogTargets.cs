using Dbaas.Domain.Instances;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Logs;

/// <summary>
/// Finds the instance of a request about logs. Its database need not work, for that is when its log is wanted; its agent must.
/// </summary>
internal sealed class LogTargets(InstanceReader reader, TroveApiOptions options)
{
    public async Task<Instance> FindAsync(ApiRequest request)
    {
        var facts = await reader.FindAsync(request, request.Id("id"));
        return facts.Instance.Lifecycle != Lifecycle.Building && facts.Guest?.Answers(options.SilentAfter) == true
            ? facts.Instance
            : throw FaultException.Unprocessable($"Instance {facts.Instance.Id} is not ready, status: {facts.Status.Status}.");
    }
}
