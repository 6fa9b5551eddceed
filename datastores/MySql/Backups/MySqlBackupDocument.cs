using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>What is known of a backup of MySQL. Readable by people; holds no secret.</summary>
internal sealed record MySqlBackupDocument
{
    private const int Version = 1;

    /// <summary>The flavor.</summary>
    public required string Datastore { get; init; }

    /// <summary>The server, as it says it.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>The data directory: unlike every other. What follows on a backup is of the same.</summary>
    public required uint DataId { get; init; }

    /// <summary>Of one that follows: <see cref="Gtid"/> of the one before, which its logs go on from. Null: it is complete.</summary>
    public string? Follows { get; init; }

    /// <summary>
    /// Transactions that are in it for sure. In a complete one there may be more, which the next one brings again: the server passes over
    /// what it has. In one that follows these are all.
    /// </summary>
    public required string Gtid { get; init; }

    /// <summary>
    /// Where the log stood when the backup was begun; null: it was off, or an earlier version did not say it.
    /// </summary>
    public LogPosition? Log { get; init; }

    /// <summary>The period of the log; null: it was off.</summary>
    public string? Epoch { get; init; }

    /// <summary>Size of the data.</summary>
    public required long DatasetBytes { get; init; }

    /// <summary>Size of what was written.</summary>
    public required long StreamBytes { get; init; }

    /// <summary>Parameters that shape the data.</summary>
    public required IReadOnlyDictionary<string, string> Shape { get; init; }

    public static MySqlBackupDocument Parse(Flavor flavor, OpaqueDocument document) =>
        Documents.Read(document, KindOf(flavor), Version, FamilyJson.Default.MySqlBackupDocument);

    public OpaqueDocument ToDocument(Flavor flavor) =>
        Documents.Write(this, KindOf(flavor), Version, FamilyJson.Default.MySqlBackupDocument);

    private static string KindOf(Flavor flavor) => $"{flavor.Name}.backup";
}
