using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Quotas;

/// <summary>Takes from a project's quotas, in the unit that writes what they are for.</summary>
internal sealed class QuotaTaker(TroveApiOptions options)
{
    /// <summary>Takes all of it. The resources come in the order of <see cref="Domain.Quotas.QuotaResources.All"/>.</summary>
    /// <exception cref="FaultException">One would be over its limit: the unit is given up, and nothing was taken.</exception>
    public void Take(IUnit unit, string project, params ReadOnlySpan<(string Resource, long Amount)> wanted)
    {
        QuotaRows.Ensure(unit, project, options.Quotas);
        var exceeded = new List<string>();
        foreach (var (resource, amount) in wanted)
        {
            if (amount > 0 && !QuotaRows.TryTake(unit, project, resource, amount))
            {
                exceeded.Add(resource);
            }
        }

        if (exceeded.Count > 0)
        {
            throw Exceeded(exceeded);
        }
    }

    public static FaultException Exceeded(params IEnumerable<string> resources) =>
        FaultException.OverLimit($"Quota exceeded for resources: [{string.Join(", ", resources.Select(resource => $"'{resource}'"))}].");
}
