using System.Text.Json.Serialization;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>The content of a replication snapshot: the reference design's fields, and what our slaves need besides.</summary>
internal sealed record SnapshotDocument
{
    /// <summary>The format that this code writes.</summary>
    public const int Version = 1;

    /// <summary>The server to follow.</summary>
    public required MasterPart Master { get; init; }

    /// <summary>The data to start from.</summary>
    public required DatasetPart Dataset { get; init; }

    /// <summary>A lower bound: the exact position comes with the data.</summary>
    public required BinlogPart BinlogPosition { get; init; }

    /// <summary>The log's period that the snapshot is of.</summary>
    public required string Epoch { get; init; }

    /// <summary>For following.</summary>
    public required CredentialsPart ReplicationUser { get; init; }

    /// <summary>Parameters that shape the data: a slave has the same. None from a master of before there were any.</summary>
    public IReadOnlyDictionary<string, string> Shape { get; init; } = new Dictionary<string, string>();

    /// <summary>The slave that all this is for.</summary>
    public required string SlaveId { get; init; }

    /// <param name="Host">Its address.</param>
    /// <param name="Port">Its port.</param>
    /// <param name="InstanceId">Its instance.</param>
    /// <param name="Certificate">PEM: its slaves trust this one alone.</param>
    internal sealed record MasterPart(string Host, int Port, string InstanceId, string Certificate);

    /// <param name="Datastore">Its name.</param>
    /// <param name="DatastoreVersion">Its version's name.</param>
    /// <param name="DatasetSize">In GB.</param>
    /// <param name="DatasetBytes">Exactly.</param>
    /// <param name="SnapshotHref">Where to read it.</param>
    /// <param name="Format">How to read it.</param>
    /// <param name="Token">For a stream: lets the reader in.</param>
    /// <param name="Reader">For a clone: the login that may read.</param>
    internal sealed record DatasetPart(
        string Datastore, string DatastoreVersion, double DatasetSize, long DatasetBytes, string SnapshotHref, string Format,
        string? Token, CredentialsPart? Reader);

    internal sealed record BinlogPart(string File, long Offset, string Gtid, string State);

    internal sealed record CredentialsPart(string Name, string Password)
    {
        /// <summary>Never the password.</summary>
        public override string ToString() => Name;
    }

    /// <summary>The <see cref="DatasetPart.Format"/> of data that comes from a backup.</summary>
    public const string BackedUp = "backup";

    /// <summary>The <see cref="DatasetPart.Format"/> of a document without data, for who has the set's data already.</summary>
    public const string WithoutData = "none";

    /// <summary>It says where the data comes from.</summary>
    [JsonIgnore]
    public bool HasData => Dataset.Format != WithoutData;

    /// <summary>The backup that the data comes from; null: from the master.</summary>
    public string? BackupId { get; init; }

    /// <summary>The server to follow, as a slave keeps it.</summary>
    public Source ToSource() => new()
    {
        InstanceId = Master.InstanceId,
        Host = Master.Host,
        Port = Master.Port,
        User = ReplicationUser.Name,
        Password = ReplicationUser.Password,
        Certificate = Master.Certificate,
        SlaveId = SlaveId,
    };

    /// <summary>The kind of an engine's documents.</summary>
    public static string KindOf(Flavor flavor) => flavor.Name + ".replication-snapshot";

    public OpaqueDocument ToDocument(Flavor flavor) =>
        Documents.Write(this, KindOf(flavor), Version, FamilyJson.Default.SnapshotDocument);

    /// <exception cref="DatastoreException">Unsupported: a foreign kind, a newer version, or not what it says.</exception>
    public static SnapshotDocument Parse(Flavor flavor, OpaqueDocument document) =>
        Documents.Read(document, KindOf(flavor), Version, FamilyJson.Default.SnapshotDocument);
}
