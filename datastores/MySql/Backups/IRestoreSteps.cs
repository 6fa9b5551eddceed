using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>What engines do differently when data is made from backups.</summary>
internal interface IRestoreSteps
{
    /// <summary>They are this engine's, the first is complete, and each follows on the one before it.</summary>
    /// <exception cref="DatastoreException">Unsupported, or precondition: it does not hold.</exception>
    RestorePlan Plan(IReadOnlyList<StoredBackup> chain);

    /// <summary>Makes data from a complete backup, in an empty folder of the database's user.</summary>
    Task LoadAsync(StoredBackup backup, string folder, CancellationToken cancellationToken);

    /// <summary>All transactions that are in data made from this backup; null: the data says it itself.</summary>
    string? Holds(StoredBackup backup);

    /// <summary>Where a log goes on from the data that a chain makes.</summary>
    /// <exception cref="DatastoreException">Unsupported: a document of a foreign kind or a newer version.</exception>
    BackupPlace PlaceOf(IReadOnlyList<OpaqueDocument> chain);

    /// <summary>Brings data to where the next backup ends.</summary>
    Task FollowAsync(StoredBackup backup, string folder, CancellationToken cancellationToken);
}

/// <summary>What a chain of backups is going to be.</summary>
/// <param name="Shape">Parameters that shape the data.</param>
/// <param name="Bytes">The room that it takes on the volume at most, with what is unpacked beside it.</param>
internal sealed record RestorePlan(IReadOnlyDictionary<string, string> Shape, long Bytes)
{
    /// <param name="shape">Of the last.</param>
    /// <param name="chain">Size of the data, and of what was written, of each.</param>
    public static RestorePlan Of(IReadOnlyDictionary<string, string> shape, IReadOnlyList<(long Data, long Stream)> chain) => new(
        shape, chain.Max(one => one.Data) + chain.Skip(1).Select(one => one.Stream).DefaultIfEmpty().Max());
}
