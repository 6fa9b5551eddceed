using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Accounts;

/// <summary>Finds the instance of a request about users, databases or root, and sees that its guest can be asked now.</summary>
internal sealed class AccountTargets(InstanceReader reader)
{
    public Task<(InstanceFacts Facts, AccountRules Rules)> ToReadAsync(ApiRequest request) => FindAsync(request, isWrite: false);

    public Task<(InstanceFacts Facts, AccountRules Rules)> ToWriteAsync(ApiRequest request) => FindAsync(request, isWrite: true);

    private async Task<(InstanceFacts Facts, AccountRules Rules)> FindAsync(ApiRequest request, bool isWrite)
    {
        var facts = await reader.FindAsync(request, request.Id("id"));
        var id = facts.Instance.Id;
        var rules = AccountRules.Of(facts.Version.DatastoreName);
        if (!facts.Status.IsActive || !facts.IsHealthy)
        {
            var status = facts.Status.IsActive ? facts.Status.OperatingStatus : facts.Status.Status;
            throw FaultException.Unprocessable($"Instance {id} is not ready, status: {status}.");
        }

        if (facts.Instance.LockOwner is not null)
        {
            throw FaultException.NotAvailable(id, Busy.Word(facts));
        }

        return isWrite && facts.Instance.SlaveOfId is { } masterId
            ? throw FaultException.Unprocessable(
                $"Instance {id} is a replica: a change made here would not be on its source. Make it on {masterId}.")
            : (facts, rules);
    }
}
