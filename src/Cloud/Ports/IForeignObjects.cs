namespace Dbaas.Cloud.Ports;

/// <summary>
/// Objects that another service wrote into a store of its own. They are read and never changed. Failures are <see cref="CloudException"/>s:
/// not transient when the address is none that is read here.
/// </summary>
public interface IForeignObjects
{
    /// <summary>What is known of an object; null when there is none.</summary>
    /// <param name="location">The object's address, as the other service says it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<FoundObject?> FindAsync(string location, CancellationToken cancellationToken);

    /// <summary>Reads a piece of an object; null when there is none, or it is shorter.</summary>
    /// <param name="location">As in <see cref="FindAsync"/>.</param>
    /// <param name="offset">In bytes.</param>
    /// <param name="count">In bytes; at least one.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<byte[]?> ReadAsync(string location, long offset, int count, CancellationToken cancellationToken);
}

/// <summary>An object of another service.</summary>
/// <param name="Segments">What it is made of, in order: one piece, or those that its manifest names.</param>
/// <param name="Checksum">Of the whole, as the store says it.</param>
/// <param name="Metadata">What the other service wrote beside it; names in lower case.</param>
public sealed record FoundObject(
    IReadOnlyList<FoundSegment> Segments, string Checksum, IReadOnlyDictionary<string, string> Metadata);

/// <summary>A piece of an object.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Md5">Its hash, in lower case hexadecimal digits.</param>
public sealed record FoundSegment(long Bytes, string Md5);
