namespace Dbaas.Cloud.Ports;

/// <summary>
/// A store of objects. Names are ours and chosen before the call; every call may be repeated. Who is to write or read an object is given
/// an address for it, and no credential of the store. Failures are <see cref="CloudException"/>s.
/// </summary>
public interface IObjects
{
    /// <summary>An address that does one thing with one object, without any other credential.</summary>
    /// <param name="name">The object.</param>
    /// <param name="use">What for. An object is written once: a second one is refused.</param>
    /// <param name="goodFor">How long; a quarter of an hour at most.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<ObjectAddress> AddressAsync(StoredName name, ObjectUse use, TimeSpan goodFor, CancellationToken cancellationToken);

    /// <summary>Writes a small object, in the place of what is there.</summary>
    Task WriteAsync(StoredName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Reads an object; null when there is none.</summary>
    /// <exception cref="CloudException">Not transient: it is larger than <paramref name="most"/> bytes.</exception>
    Task<byte[]?> ReadAsync(StoredName name, int most, CancellationToken cancellationToken);

    /// <summary>An object's size in bytes; null when there is none. Knows what <see cref="ListAsync"/> may not know yet.</summary>
    Task<long?> SizeAsync(StoredName name, CancellationToken cancellationToken);

    /// <summary>
    /// All objects of a place, in order of name; empty when there are none. With some stores one that was written a moment ago is
    /// missing in it, and one that was deleted is still there.
    /// </summary>
    Task<IReadOnlyList<StoredObject>> ListAsync(string place, CancellationToken cancellationToken);

    /// <summary>Makes sure that there is no such object.</summary>
    Task DeleteAsync(StoredName name, CancellationToken cancellationToken);
}

/// <summary>What is to be done with an object.</summary>
public enum ObjectUse
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Written, once.</summary>
    Write,

    /// <summary>Read.</summary>
    Read,
}

/// <summary>An object's name.</summary>
/// <param name="Place">What belongs together: letters, digits and hyphens.</param>
/// <param name="Name">Within it: letters, digits, hyphens and dots.</param>
public sealed record StoredName(string Place, string Name);

/// <summary>An object that is there.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its size.</param>
public sealed record StoredObject(StoredName Name, long Bytes);

/// <summary>Where an object is.</summary>
/// <param name="Url">Where. A path alone is on the gateway.</param>
/// <param name="Headers">
/// To be sent along. In their values, <c>{sha256}</c> stands for the hash of what is written in lower case hexadecimal digits,
/// <c>{sha256-base64}</c> for the same in base 64.
/// </param>
public sealed record ObjectAddress(string Url, IReadOnlyDictionary<string, string> Headers);
