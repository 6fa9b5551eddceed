namespace Dbaas.GuestProtocol;

/// <summary>
/// A document whose meaning belongs to the component that wrote it.
/// Carriers may store it, move it and delete it; only the writer's counterpart may open it.
/// </summary>
/// <param name="Kind">What it is, for example <c>mysql.replication-snapshot</c>. A reader refuses kinds that it does not know.</param>
/// <param name="Version">The writer's format version. A reader refuses versions newer than its own.</param>
/// <param name="Payload">The content. It may hold credentials: never log it, and encrypt it wherever it rests.</param>
public sealed record OpaqueDocument(string Kind, int Version, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Kind, version and size; never the content.</summary>
    public override string ToString() => $"{Kind} v{Version} ({Payload.Length} bytes)";
}
