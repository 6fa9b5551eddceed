using Dbaas.Domain.Quotas;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.TroveApi.Quotas;

internal static class QuotaReader
{
    /// <summary>A project's quotas in Trove's order; what it would begin with when it never used anything.</summary>
    public static IReadOnlyList<Quota> Of(IUnit unit, string project, TroveApiOptions options)
    {
        var rows = QuotaRows.Of(unit, project).ToDictionary(quota => quota.Resource);
        return QuotaResources.All
            .Select(resource => rows.GetValueOrDefault(resource) ?? new Quota { Resource = resource, HardLimit = options.Quotas[resource] })
            .ToList();
    }
}
