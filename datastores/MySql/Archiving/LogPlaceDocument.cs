using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Archiving;

/// <summary>A place in the binary log, between two transactions. Readable by people; holds no secret.</summary>
internal sealed record LogPlaceDocument
{
    private const int Version = 1;

    /// <summary>The flavor.</summary>
    public required string Datastore { get; init; }

    /// <summary>The data directory: unlike every other.</summary>
    public required uint DataId { get; init; }

    /// <summary>The period of the log.</summary>
    public required string Epoch { get; init; }

    /// <summary>The file's name.</summary>
    public required string File { get; init; }

    /// <summary>When the file was begun, in Unix seconds: the name may be given again.</summary>
    public required uint FileMade { get; init; }

    /// <summary>Where the next event is in it.</summary>
    public required long Offset { get; init; }

    /// <summary>All transactions that were logged before.</summary>
    public required string Gtid { get; init; }

    /// <summary>When the last one was committed, in Unix microseconds; null: not known.</summary>
    public long? Committed { get; init; }

    public static LogPlaceDocument Parse(Flavor flavor, OpaqueDocument document) =>
        Documents.Read(document, KindOf(flavor), Version, FamilyJson.Default.LogPlaceDocument);

    public LogPlace ToPlace(Flavor flavor) => new(
        Documents.Write(this, KindOf(flavor), Version, FamilyJson.Default.LogPlaceDocument),
        Committed is { } micros ? Moments.Of(micros) : null,
        Gtid);

    private static string KindOf(Flavor flavor) => $"{flavor.Name}.log";
}
