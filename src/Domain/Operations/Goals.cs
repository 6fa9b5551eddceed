using Dbaas.Domain.Guests;

namespace Dbaas.Domain.Operations;

/// <summary>What a create-instance operation is to make beyond what the instance's row says.</summary>
public sealed record CreateInstanceGoal
{
    /// <summary>Databases to make.</summary>
    public IReadOnlyList<WantedDatabase> Databases { get; init; } = [];

    /// <summary>Users to make.</summary>
    public IReadOnlyList<WantedUser> Users { get; init; } = [];

    /// <summary>The configuration group's values, as the engine takes them.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();
}

/// <summary>Which backup an instance is made from. The rest is as in <see cref="CreateInstanceGoal"/>.</summary>
/// <param name="BackupId">The backup.</param>
/// <param name="Create">What is made beside its data.</param>
/// <param name="Moment">The moment that its data is to be of; null: the backup's own.</param>
/// <param name="PrivateKey">What opens what was sealed for the project's own key; null: nothing was.</param>
public sealed record RestoreInstanceGoal(
    string BackupId, CreateInstanceGoal Create, MomentGoal? Moment = null, string? PrivateKey = null)
{
    /// <summary>Never the key.</summary>
    public override string ToString() => BackupId;
}

/// <summary>Which backup is verified. It is restored as by a <see cref="RestoreInstanceGoal"/>, as which this can be read.</summary>
/// <param name="BackupId">The backup.</param>
/// <param name="BackupName">As its user wrote it.</param>
/// <param name="SourceId">What it was taken of, whose history tells of it.</param>
/// <param name="Create">Nothing is made beside its data.</param>
public sealed record VerifyBackupGoal(string BackupId, string BackupName, string SourceId, CreateInstanceGoal Create);

/// <summary>Up to where archived logs are done again behind a backup.</summary>
/// <param name="LogIds">The logs, in order.</param>
/// <param name="Until">Before the first transaction that was committed later, in Unix microseconds; null: the transaction says where.
/// </param>
/// <param name="Transaction">Behind this transaction, as the datastore writes it.</param>
public sealed record MomentGoal(IReadOnlyList<string> LogIds, long? Until, string? Transaction);

/// <summary>What becomes of a log's publication.</summary>
/// <param name="IsDiscarded">What was published goes.</param>
/// <param name="IsPublished">Then, what the log has is published.</param>
public sealed record PublishLogGoal(bool IsDiscarded, bool IsPublished);

/// <summary>What is told of a backup that another service took.</summary>
/// <param name="DatasetBytes">Size of the data on a volume.</param>
public sealed record RegisterBackupGoal(long DatasetBytes);

/// <summary>Whom a slave takes the place of.</summary>
/// <param name="MasterId">The master.</param>
/// <param name="Others">Its other slaves, in id order. The operation owns them all.</param>
public sealed record PromoteGoal(string MasterId, IReadOnlyList<string> Others);

/// <summary>Who may take the place of a master that does not answer. The operation owns them all.</summary>
/// <param name="Slaves">Those of whom one does, and whom the others follow then, in id order.</param>
/// <param name="Away">Those that do not answer either, in id order: they are switched off with the master, and left behind.</param>
/// <param name="Because">By what it was seen, when nobody has asked for it; null: somebody has.</param>
public sealed record EjectGoal(IReadOnlyList<string> Slaves, IReadOnlyList<string> Away, string? Because = null);

/// <summary>Which backups go, each before the one that it follows on.</summary>
public sealed record DeleteBackupGoal(IReadOnlyList<string> BackupIds);

/// <summary>A database to make.</summary>
public sealed record WantedDatabase(string Name, string? CharacterSet, string? Collate);

/// <summary>A user to make.</summary>
public sealed record WantedUser(string Name, string Password, string? Host, IReadOnlyList<string> Databases)
{
    /// <summary>Never the password.</summary>
    public override string ToString() => $"{Name}@{Host ?? "%"}";
}

/// <summary>Which master a create-slave operation attaches to.</summary>
public sealed record CreateSlaveGoal
{
    /// <summary>The master.</summary>
    public required string MasterId { get; init; }

    /// <summary>Names the slaves of one request; null: there is one.</summary>
    public string? GroupId { get; init; }

    /// <summary>How many slaves the request is for.</summary>
    public int GroupSize { get; init; } = 1;

    /// <summary>The configuration group's values, as the engine takes them.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();
}

/// <summary>Which master a slave is taken off; null for an instance that follows nobody.</summary>
public sealed record LeaveMasterGoal(string? MasterId);

/// <summary>Which backup an instance's deletion waits for.</summary>
public sealed record DeleteAfterBackupGoal(string BackupId);

/// <summary>How large a volume is to be.</summary>
/// <param name="SizeGb">In GB; more than it has.</param>
public sealed record ResizeVolumeGoal(int SizeGb);

/// <summary>Which flavor an instance is to have.</summary>
/// <param name="FlavorId">The flavor.</param>
/// <param name="MemoryMb">Its memory, as the quota is charged.</param>
public sealed record ResizeFlavorGoal(string FlavorId, int MemoryMb);

/// <summary>Where a server is to move, or to come up again.</summary>
/// <param name="Host">The host; null: the plane chooses.</param>
public sealed record MigrateGoal(string? Host);

/// <summary>What a server is made from.</summary>
/// <param name="ImageId">An image in the plane's words; null: the present one of the instance's datastore version.</param>
public sealed record RebuildGoal(string? ImageId);

/// <summary>Who is to reach an instance. What is not said stays as it is.</summary>
/// <param name="IsPublic">It has an address that is reached from outside of the cloud; null: as before.</param>
/// <param name="AllowedCidrs">From where, separated by blanks; empty: from everywhere; null: as before.</param>
public sealed record UpdateAccessGoal(bool? IsPublic, string? AllowedCidrs);

/// <summary>What becomes of an instance's configuration group.</summary>
/// <param name="Attached">The group that it was given with this; it has none again when that fails. Null: it had one, or has none.</param>
/// <param name="Detached">The group that it has until this is done. Null: it is not taken off one.</param>
public sealed record ApplyConfigurationGoal(string? Attached = null, string? Detached = null);

/// <summary>Which release an agent is brought to.</summary>
/// <param name="Version">What it calls itself.</param>
/// <param name="Sha256">The executable's SHA-256.</param>
/// <param name="Size">Its size in bytes.</param>
public sealed record UpgradeAgentGoal(string Version, string Sha256, long Size)
{
    /// <summary>The goal of an upgrade to this release.</summary>
    public static UpgradeAgentGoal Of(AgentRelease release) => new(release.Version, release.Sha256, release.Size);
}
