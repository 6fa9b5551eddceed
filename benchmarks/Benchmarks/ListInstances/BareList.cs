using System.Globalization;
using Dbaas.Domain.Catalog;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.Benchmarks.ListInstances;

/// <summary>The same statements as the API's for instances that nothing is done to, and the same objects.</summary>
internal sealed class BareList(IDatabase database, string tenant, string root)
{
    private const int PageSize = 20;

    public async Task<BareShown> ReadOneAsync(string id, CancellationToken cancellationToken)
    {
        var (instance, version, guest) = await database.ReadAsync(
            unit =>
            {
                var found = InstanceRows.Find(unit, id)!;
                var versions = CatalogRows.Versions(unit);
                var guests = GuestRows.Find(unit, [id]);
                _ = InstanceLists.ActiveOperations(unit, [id]);
                _ = ReplicaSetRows.Find(unit, id);
                _ = ArchivedLogRows.Of(unit, id);
                _ = ScheduleRows.Page(unit, tenant, id, null, PageSize);
                return (found, versions.First(one => one.Id == found.DatastoreVersionId), guests[0]);
            },
            cancellationToken);
        var listed = Describe(instance, version, guest);
        return new BareShown(new BareInstanceInFull(
            listed.Id,
            listed.Name,
            listed.Status,
            listed.OperatingStatus,
            listed.Links,
            listed.Flavor,
            new BareNumberedDatastore(version.DatastoreName, version.Name, version.Number),
            listed.Region,
            listed.Access,
            listed.Volume,
            listed.Ip,
            listed.Addresses,
            Time(instance.Created),
            Time(instance.Updated),
            Time(guest.LastSeen),
            instance.DeletionProtection,
            instance.PointInTime));
    }

    public async Task<BareDocument> ReadAsync(CancellationToken cancellationToken)
    {
        var (instances, versions, guests) = await database.ReadAsync(
            unit =>
            {
                var page = InstanceLists.Page(unit, tenant, null, PageSize + 1);
                _ = InstanceLists.ActiveOperations(unit, [.. page.Select(instance => instance.Id)]);
                return (page, CatalogRows.Versions(unit), GuestRows.Find(unit, page.Select(instance => instance.Id)));
            },
            cancellationToken);
        var versionOf = versions.ToDictionary(version => version.Id);
        var guestOf = guests.ToDictionary(guest => guest.InstanceId);
        return new BareDocument(
            [.. instances.Select(instance => Describe(instance, versionOf[instance.DatastoreVersionId], guestOf[instance.Id]))]);
    }

    private BareInstance Describe(Instance instance, DatastoreVersion version, GuestState guest) => new(
        instance.Id,
        instance.Name,
        "ACTIVE",
        guest.ServerState == "Healthy" ? "HEALTHY" : "ERROR",
        Links("instances", instance.Id),
        new BareReference(instance.FlavorId, Links("flavors", instance.FlavorId)),
        new BareDatastore(version.DatastoreName, version.Name),
        "RegionOne",
        new BareAccess(false),
        new BareVolume(instance.VolumeSize),
        [instance.Address!],
        [new BareAddress(instance.Address!, "private", instance.Port)]);

    private static string Time(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);

    private BareLink[] Links(string resource, string id) =>
        [new BareLink($"{root}/v1.0/{tenant}/{resource}/{id}", "self"), new BareLink($"{root}/{resource}/{id}", "bookmark")];
}
