using System.Text.Json.Serialization;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>What a Trove's own guest wrote beside a backup, by its own names.</summary>
internal sealed record TroveBackupDocument
{
    private const string Kind = ForeignObject.DocumentOfTrove;

    /// <summary>Pages that changed after this are not in it.</summary>
    [JsonPropertyName("lsn")]
    public required string Lsn { get; init; }

    /// <summary>Where the one is that it follows on; null: it is complete by itself.</summary>
    [JsonPropertyName("parent-location")]
    public string? ParentLocation { get; init; }

    public static bool IsOne(OpaqueDocument document) => document.Kind == Kind;

    public static TroveBackupDocument Parse(OpaqueDocument document) =>
        Documents.Read(document, Kind, 1, FamilyJson.Default.TroveBackupDocument);
}
