using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>Instances of a replica set that one request is about.</summary>
internal sealed class Members(InstanceReader reader)
{
    /// <exception cref="FaultException">One of them is busy, or not as it should be.</exception>
    public static void CheckActive(IReadOnlyList<InstanceFacts> members)
    {
        foreach (var member in members.Where(member => !member.Status.IsActive))
        {
            throw FaultException.NotAvailable(member.Instance.Id, Busy.Word(member));
        }
    }

    /// <summary>What kept an operation from taking them all.</summary>
    public async Task<FaultException> ExplainAsync(ApiRequest request, IReadOnlyList<InstanceFacts> members)
    {
        foreach (var member in members)
        {
            var now = await reader.FindAsync(request, member.Instance.Id);
            if (!now.Status.IsActive || now.Instance.LockOwner is not null || now.Instance.LockShared > 0)
            {
                return FaultException.NotAvailable(now.Instance.Id, Busy.Word(now));
            }
        }

        return FaultException.NotAvailable(members[0].Instance.Id, "changing");
    }
}
