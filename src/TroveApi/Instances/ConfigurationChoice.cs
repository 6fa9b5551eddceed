using Dbaas.Domain.Catalog;
using Dbaas.Domain.Configurations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>The configuration group that a request names for an instance.</summary>
internal static class ConfigurationChoice
{
    /// <exception cref="FaultException">There is none, or it is another datastore's.</exception>
    public static ConfigurationGroup Find(IUnit unit, ApiRequest request, string id, DatastoreVersion version)
    {
        var group = ConfigurationRows.Find(unit, id) is { } found && found.TenantId == request.Tenant
            ? found
            : throw FaultException.NoSuch(id);
        return group.DatastoreVersionId == version.Id
            ? group
            : throw FaultException.BadRequest(
                $"Datastore Version on Configuration {id} does not match the Datastore Version of the instance: "
                    + $"{version.DatastoreName} {version.Name}.");
    }

    /// <exception cref="FaultException">Its values do not fit the size of the instance.</exception>
    public static void CheckSize(ConfigurationGroup group, int memoryMb, int volumeGb)
    {
        if (ValueRules.WhyNotFor(EngineValues.Of(group.ValuesJson), memoryMb, volumeGb) is { } why)
        {
            throw FaultException.Unprocessable(why);
        }
    }
}
