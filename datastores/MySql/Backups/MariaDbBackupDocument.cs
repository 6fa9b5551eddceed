using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>What is known of a backup of MariaDB. Readable by people; holds no secret.</summary>
internal sealed record MariaDbBackupDocument
{
    private const int Version = 1;

    /// <summary>The flavor.</summary>
    public required string Datastore { get; init; }

    /// <summary>The backup; null: an earlier version did not say it.</summary>
    public string? Id { get; init; }

    /// <summary>
    /// The one that it follows on; null: none, or not said. Numbers alone do not tell: a server in which little happens writes the same
    /// ones twice.
    /// </summary>
    public string? Parent { get; init; }

    /// <summary>The server, as it says it.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>The data directory: unlike every other. What follows on a backup is of the same.</summary>
    public required uint DataId { get; init; }

    /// <summary>Pages that changed after this are in it; 0: all are.</summary>
    public required long FromLsn { get; init; }

    /// <summary>Pages that changed after this are not in it.</summary>
    public required long ToLsn { get; init; }

    /// <summary>The last transaction that is in it; null: nothing was logged.</summary>
    public string? Gtid { get; init; }

    /// <summary>
    /// Where the log stood when the backup was begun; null: it was off, or an earlier version did not say it.
    /// </summary>
    public LogPosition? Log { get; init; }

    /// <summary>The period of the log; null: it was off.</summary>
    public string? Epoch { get; init; }

    /// <summary>Size of the data.</summary>
    public required long DatasetBytes { get; init; }

    /// <summary>Size of what was written: the room that its unpacking takes. 0: an earlier version did not say it.</summary>
    public long StreamBytes { get; init; }

    /// <summary>Parameters that shape the data.</summary>
    public required IReadOnlyDictionary<string, string> Shape { get; init; }

    public static MariaDbBackupDocument Parse(Flavor flavor, OpaqueDocument document) =>
        Documents.Read(document, KindOf(flavor), Version, FamilyJson.Default.MariaDbBackupDocument);

    public OpaqueDocument ToDocument(Flavor flavor) =>
        Documents.Write(this, KindOf(flavor), Version, FamilyJson.Default.MariaDbBackupDocument);

    private static string KindOf(Flavor flavor) => $"{flavor.Name}.backup";
}
