using Dbaas.Domain.Catalog;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>The datastore of a request, by names or ids.</summary>
/// <param name="Type">Datastore; null: the default.</param>
/// <param name="Version">Version; null: the datastore's default.</param>
/// <param name="Number">Trove's version number; null: any.</param>
internal sealed record DatastoreWish(string? Type, string? Version, string? Number)
{
    public bool IsEmpty => Type is null && Version is null && Number is null;

    public static DatastoreWish Parse(JsonField? field)
    {
        var datastore = field?.Only("type", "version", "version_number");
        return new DatastoreWish(
            datastore?.FindValue("type")?.Text(255),
            datastore?.FindValue("version")?.Text(255),
            datastore?.FindValue("version_number")?.Text(255));
    }

    /// <summary>Whether this version is what is meant.</summary>
    public bool Fits(DatastoreVersion version) =>
        (Type is null || Type == version.DatastoreName || Type == version.DatastoreId)
        && (Version is null || Version == version.Name || Version == version.Id)
        && (Number is null || Number == version.Number);

    /// <exception cref="FaultException">There is none.</exception>
    public DatastoreVersion Resolve(IUnit unit, string? defaultDatastore)
    {
        var type = Type ?? defaultDatastore
            ?? throw FaultException.BadRequest("Please specify datastore. No default datastore is defined.");
        var datastore = CatalogRows.Datastores(unit).FirstOrDefault(one => one.Name == type || one.Id == type)
            ?? throw FaultException.NotFound($"Datastore '{type}' cannot be found.");
        var versions = CatalogRows.Versions(unit).Where(version => version.DatastoreId == datastore.Id).ToList();
        var found = Version is null && Number is null
            ? versions.FirstOrDefault(version => version.Id == datastore.DefaultVersionId)
                ?? throw FaultException.BadRequest($"Default version for datastore '{datastore.Name}' not found.")
            : versions.FirstOrDefault(version => this with { Type = null } is var wish && wish.Fits(version))
                ?? throw FaultException.BadRequest($"Datastore version '{Version ?? Number}' cannot be found.");
        return found.Active ? found : throw FaultException.BadRequest($"Datastore version '{found.Name}' is not active.");
    }
}
