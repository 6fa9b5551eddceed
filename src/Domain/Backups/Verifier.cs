using Dbaas.Domain.Catalog;
using Dbaas.Domain.Instances;

namespace Dbaas.Domain.Backups;

/// <summary>The hidden instance that a backup is restored on to be verified. It is nobody's: its project is no user's.</summary>
public static class Verifier
{
    /// <summary>
    /// The project of hidden instances. Its quota of instances is how many backups are verified at once. No identity service has such ids.
    /// </summary>
    public const string Project = "dbaas:verification";

    /// <summary>Why a backup that only its project can open is not verified.</summary>
    public const string WhyNotWithOwnKey = "It is encrypted for the project's own key: the service cannot open it to verify it.";

    private const string Prefix = "verify-";
    private const int LongestName = 200;
    private const long Gigabyte = 1024 * 1024 * 1024;

    // What is unpacked beside the data is larger than what is stored of it.
    private const int Compression = 5;

    /// <summary>An instance like the one that was backed up, with a volume that the data fits on.</summary>
    /// <param name="id">Chosen by the caller.</param>
    /// <param name="chain">The backup with those that it follows on, the complete one first.</param>
    /// <param name="source">What was backed up; its tombstone, if it is gone.</param>
    /// <param name="version">What it ran.</param>
    /// <param name="flavor">See <see cref="FlavorFor"/>.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static Instance For(
        string id, IReadOnlyList<Backup> chain, Instance source, DatastoreVersion version, Flavor flavor, long now) => new()
        {
            Id = id,
            TenantId = Project,
            Name = $"{Prefix}{(chain[^1].Name is { Length: > LongestName } name ? name[..LongestName] : chain[^1].Name)}",
            Created = now,
            Updated = now,
            DatastoreVersionId = version.Id,
            FlavorId = flavor.Id,
            MemoryMb = flavor.MemoryMb,
            VolumeSize = Math.Max(source.VolumeSize, VolumeGb(chain)),
            VolumeType = source.VolumeType,
            Lifecycle = Lifecycle.Building,
            Port = version.Port,
            BinaryLog = BinaryLogChoice.WhenReplicating,
        };

    /// <summary>The flavor of the instance that was backed up, or the smallest that has its memory; null: there is none.</summary>
    public static Flavor? FlavorFor(Instance source, IReadOnlyList<Flavor> all) =>
        all.FirstOrDefault(flavor => flavor.Id == source.FlavorId)
        ?? all.Where(flavor => flavor.MemoryMb >= source.MemoryMb).MinBy(flavor => flavor.MemoryMb);

    private static int VolumeGb(IReadOnlyList<Backup> chain)
    {
        var beside = chain.Skip(1).Select(one => one.StoredBytes ?? 0).DefaultIfEmpty().Max() * Compression;
        return (int)(((chain.Max(one => one.DatasetBytes) ?? 0) + beside + Gigabyte - 1) / Gigabyte);
    }
}
