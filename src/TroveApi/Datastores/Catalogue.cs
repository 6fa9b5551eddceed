using Dbaas.Domain.Catalog;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Datastores;

/// <summary>Finds datastores and versions by id or name, as the address has them.</summary>
internal static class Catalogue
{
    /// <summary>
    /// The version in the address, of the datastore in the address where there is one. Only administrators see inactive ones.
    /// </summary>
    public static DatastoreVersion Version(IUnit unit, ApiRequest request)
    {
        var asked = request.Id("version");
        var datastore = request.FindId("datastore");
        return CatalogRows.Versions(unit).FirstOrDefault(version =>
                (version.Active || request.IsAdmin)
                && (datastore is null || version.DatastoreId == datastore || version.DatastoreName == datastore)
                && (version.Id == asked || (datastore is not null && version.Name == asked)))
            ?? throw FaultException.BadRequest($"Datastore version '{asked}' cannot be found.");
    }

    /// <summary>A datastore with the versions that the caller may see.</summary>
    public static (Datastore Datastore, IReadOnlyList<DatastoreVersion> Versions) Datastore(IUnit unit, ApiRequest request)
    {
        var asked = request.Id("datastore");
        return All(unit, request).Where(one => one.Datastore.Id == asked || one.Datastore.Name == asked)
            .Select(one => ((Datastore, IReadOnlyList<DatastoreVersion>)?)one).FirstOrDefault()
            ?? throw FaultException.NotFound($"Datastore '{asked}' cannot be found.");
    }

    /// <summary>All datastores; for users those with a version that can be had.</summary>
    public static IReadOnlyList<(Datastore Datastore, IReadOnlyList<DatastoreVersion> Versions)> All(IUnit unit, ApiRequest request)
    {
        var versions = CatalogRows.Versions(unit)
            .Where(version => version.Active || request.IsAdmin)
            .ToLookup(version => version.DatastoreId);
        return CatalogRows.Datastores(unit)
            .Select(datastore => (datastore, (IReadOnlyList<DatastoreVersion>)versions[datastore.Id].ToList()))
            .Where(one => one.Item2.Count > 0 || request.IsAdmin)
            .ToList();
    }
}
