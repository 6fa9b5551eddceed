using Dbaas.Domain.Instances;

namespace Dbaas.Domain.Backups;

/// <summary>A backup as it is when it is asked for.</summary>
public static class NewBackup
{
    // Of a version 7 id the last ones are chance: those before tell the time.
    private const int IdLetters = 12;

    /// <param name="instance">What is backed up.</param>
    /// <param name="id">Chosen by the caller.</param>
    /// <param name="secret">Nobody who knows the id can guess where its objects are.</param>
    /// <param name="name">For people.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static Backup Of(Instance instance, string id, string secret, string name, long now) => new()
    {
        Id = id,
        TenantId = instance.TenantId,
        Name = name,
        InstanceId = instance.Id,
        DatastoreVersionId = instance.DatastoreVersionId,
        State = BackupState.New,
        Place = PlaceOf(id, secret),
        RootEnabled = instance.RootEnabled,
        Created = now,
        Updated = now,
    };

    /// <summary>One that another service took, and stored elsewhere.</summary>
    /// <param name="tenantId">Whose it is to be.</param>
    /// <param name="datastoreVersionId">What it is of.</param>
    /// <param name="location">Where that service stored it.</param>
    /// <param name="id">Chosen by the caller.</param>
    /// <param name="secret">As of any other, although nothing is stored at its place.</param>
    /// <param name="name">For people.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static Backup OfAnother(
        string tenantId, string datastoreVersionId, string location, string id, string secret, string name, long now) => new()
        {
            Id = id,
            TenantId = tenantId,
            Name = name,
            DatastoreVersionId = datastoreVersionId,
            Location = location,
            State = BackupState.New,
            Place = PlaceOf(id, secret),
            Created = now,
            Updated = now,
        };

    private static string PlaceOf(string id, string secret) => $"{id[^IdLetters..]}-{secret}";
}
