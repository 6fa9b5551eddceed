using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>Documents of ours.</summary>
internal static class Documents
{
    public static OpaqueDocument Write<T>(T content, string kind, int version, JsonTypeInfo<T> json) =>
        new(kind, version, JsonSerializer.SerializeToUtf8Bytes(content, json));

    /// <exception cref="DatastoreException">Unsupported: a foreign kind, a newer version, or not what it says.</exception>
    public static T Read<T>(OpaqueDocument document, string kind, int version, JsonTypeInfo<T> json)
        where T : class
    {
        if (document.Kind != kind || document.Version > version)
        {
            throw Faults.Unsupported(
                $"This agent reads {kind} up to version {version}; it was given {document.Kind} version {document.Version}.");
        }

        try
        {
            return JsonSerializer.Deserialize(document.Payload.Span, json) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            // Without the parser's message: it may repeat part of the content.
            throw Faults.Unsupported($"The document is marked as {kind} but does not hold one.");
        }
    }
}
