using Dbaas.Domain.Catalog;

namespace Dbaas.Persistence.Rows;

/// <summary>Datastores, versions, flavors, zones.</summary>
public static class CatalogRows
{
    private const string VersionSelect = """
        SELECT v.id, v.datastore_id, d.name AS datastore_name, v.name, v.number, v.image, v.port, v.active
        FROM datastore_versions v JOIN datastores d ON d.id = v.datastore_id
        """;

    /// <summary>All datastores, in order of name.</summary>
    public static IReadOnlyList<Datastore> Datastores(IUnit unit) =>
        unit.Query<Datastore>("SELECT id, name, default_version_id FROM datastores ORDER BY name");

    /// <summary>All versions, in order of datastore and name.</summary>
    public static IReadOnlyList<DatastoreVersion> Versions(IUnit unit) =>
        unit.Query<DatastoreVersion>($"{VersionSelect} ORDER BY d.name, v.name");

    /// <summary>One version.</summary>
    public static DatastoreVersion? Version(IUnit unit, string id) =>
        unit.First<DatastoreVersion>($"{VersionSelect} WHERE v.id = @id", new { id });

    /// <summary>Adds a datastore and a version by name, or brings the version up to date. The ids stay.</summary>
    public static void EnsureVersion(IUnit unit, DatastoreVersion wanted, string newDatastoreId, bool isDefault)
    {
        unit.Execute(
            $"""
            INSERT INTO datastores (id, name, default_version_id) VALUES (@newDatastoreId, @DatastoreName, NULL)
            {unit.Dialect.UnlessExists("id")}
            """,
            new { newDatastoreId, wanted.DatastoreName });
        var datastoreId = unit.First<string>("SELECT id FROM datastores WHERE name = @DatastoreName", new { wanted.DatastoreName });
        unit.Execute(
            $"""
            INSERT INTO datastore_versions (id, datastore_id, name, number, image, port, active)
            VALUES (@Id, @datastoreId, @Name, @Number, @Image, @Port, 1)
            {unit.Dialect.UnlessExists("id")}
            """,
            new { wanted.Id, datastoreId, wanted.Name, wanted.Number, wanted.Image, wanted.Port });
        unit.Execute(
            """
            UPDATE datastore_versions SET number = @Number, image = @Image, port = @Port, active = @active
            WHERE datastore_id = @datastoreId AND name = @Name
            """,
            new { datastoreId, wanted.Name, wanted.Number, wanted.Image, wanted.Port, active = wanted.Active ? 1 : 0 });
        if (isDefault)
        {
            var versionId = unit.First<string>(
                "SELECT id FROM datastore_versions WHERE datastore_id = @datastoreId AND name = @Name", new { datastoreId, wanted.Name });
            unit.Execute(
                "UPDATE datastores SET default_version_id = @versionId WHERE id = @datastoreId", new { datastoreId, versionId });
        }
    }

    /// <summary>All flavors, in order of memory.</summary>
    public static IReadOnlyList<Flavor> Flavors(IUnit unit) =>
        unit.Query<Flavor>("SELECT id, name, memory_mb, vcpus, disk_gb FROM flavors ORDER BY memory_mb, id");

    /// <summary>One flavor.</summary>
    public static Flavor? Flavor(IUnit unit, string id) =>
        unit.First<Flavor>("SELECT id, name, memory_mb, vcpus, disk_gb FROM flavors WHERE id = @id", new { id });

    /// <summary>All zones.</summary>
    public static IReadOnlyList<string> Zones(IUnit unit) => unit.Query<string>("SELECT name FROM zones ORDER BY name");

    /// <summary>All kinds of volume, in order of name.</summary>
    public static IReadOnlyList<VolumeKind> VolumeTypes(IUnit unit) =>
        unit.Query<VolumeKind>("SELECT id, name, description FROM volume_types ORDER BY name, id");

    /// <summary>
    /// Replaces flavors, zones and kinds of volume by what the compute plane lists now. Programs may do so at the same time.
    /// </summary>
    public static void Replace(
        IUnit unit, IReadOnlyList<Flavor> flavors, IReadOnlyList<string> zones, IReadOnlyList<VolumeKind> volumeTypes)
    {
        foreach (var flavor in flavors)
        {
            unit.Execute(
                $"""
                INSERT INTO flavors (id, name, memory_mb, vcpus, disk_gb) VALUES (@Id, @Name, @MemoryMb, @Vcpus, @DiskGb)
                {unit.Dialect.UnlessExists("id")}
                """,
                flavor);
            unit.Execute(
                "UPDATE flavors SET name = @Name, memory_mb = @MemoryMb, vcpus = @Vcpus, disk_gb = @DiskGb WHERE id = @Id", flavor);
        }

        foreach (var zone in zones)
        {
            unit.Execute($"INSERT INTO zones (name) VALUES (@zone) {unit.Dialect.UnlessExists("name")}", new { zone });
        }

        foreach (var type in volumeTypes)
        {
            unit.Execute(
                $"INSERT INTO volume_types (id, name, description) VALUES (@Id, @Name, @Description) {unit.Dialect.UnlessExists("id")}",
                type);
            unit.Execute("UPDATE volume_types SET name = @Name, description = @Description WHERE id = @Id", type);
        }

        DeleteOthers(unit, "DELETE FROM volume_types", "id", volumeTypes.Select(type => type.Id));
        DeleteOthers(unit, "DELETE FROM flavors", "id", flavors.Select(flavor => flavor.Id));
        DeleteOthers(unit, "DELETE FROM zones", "name", zones);
    }

    // An empty list cannot be written as NOT IN ().
    private static void DeleteOthers(IUnit unit, string delete, string key, IEnumerable<string> kept)
    {
        var keys = kept.ToArray();
        unit.Execute(keys.Length == 0 ? delete : $"{delete} WHERE {key} NOT IN @keys", new { keys });
    }
}
