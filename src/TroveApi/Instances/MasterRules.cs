using Dbaas.Persistence;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>Which instances can be a master.</summary>
internal static class MasterRules
{
    /// <summary>The master of this project, as it can take slaves now.</summary>
    /// <exception cref="FaultException">It cannot.</exception>
    public static InstanceFacts Find(InstanceReader reader, IUnit unit, ApiRequest request, string id)
    {
        var master = reader.Find(unit, request, id);
        if (master.Instance.TenantId != request.Tenant)
        {
            // An administrator sees it, but a slave in another project than its master would show one project's data to another.
            throw FaultException.NoSuch(id);
        }

        if (master.Instance.SlaveOfId is { } itsMaster)
        {
            throw FaultException.Unauthorized($"Cannot create a replica of a replica {id}: it is a replica of {itsMaster}.");
        }

        return master.Status.IsActive && master.Instance.LockOwner is null
            ? master
            : throw FaultException.NotAvailable(id, Busy.Word(master));
    }
}
