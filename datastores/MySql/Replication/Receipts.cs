using System.Text.Json;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>Receipts as documents.</summary>
internal static class Receipts
{
    private const int Version = 1;

    public static OpaqueDocument Write(Flavor flavor, SourceReceipt receipt) =>
        new(KindOf(flavor), Version, JsonSerializer.SerializeToUtf8Bytes(receipt, ProtocolJson.Options));

    public static SourceReceipt Read(Flavor flavor, OpaqueDocument document) =>
        Documents.Read<SourceReceipt>(document, KindOf(flavor), Version);

    private static string KindOf(Flavor flavor) => flavor.Name + ".replication-receipt";
}
