using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Dbaas.Cloud.Ports;
using Dbaas.Domain.Logs;

namespace Dbaas.Cloud.Logs;

/// <summary>
/// The objects of published logs, each encrypted (AES-256-GCM) under its log's key and bound to its own name: none can be put in the place
/// of another.
/// </summary>
public sealed class LogObjects(IObjects store)
{
    // A piece is half a megabyte at most.
    private const int LargestObject = 1024 * 1024;

    // What is left out of it leaves words in its place.
    private const int MostUnpacked = 2 * LargestObject;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>Writes one.</summary>
    /// <param name="log">Whose it is.</param>
    /// <param name="secret">The log's.</param>
    /// <param name="name">Its name.</param>
    /// <param name="gzip">What it holds, compressed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task WriteAsync(PublishedLog log, string secret, string name, byte[] gzip, CancellationToken cancellationToken)
    {
        var content = new byte[NonceBytes + TagBytes + gzip.Length];
        var nonce = content.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var box = new AesGcm(KeyOf(secret), TagBytes);
        box.Encrypt(
            nonce, gzip, content.AsSpan(NonceBytes + TagBytes), content.AsSpan(NonceBytes, TagBytes), BoundTo(log, name));
        return store.WriteAsync(new StoredName(log.Place, name), content, cancellationToken);
    }

    /// <summary>Reads one.</summary>
    /// <returns>What it holds; null: it is not there (any more).</returns>
    /// <exception cref="CloudException">The store is not reached, or what is there is another object.</exception>
    public async Task<byte[]?> ReadAsync(PublishedLog log, string secret, string name, CancellationToken cancellationToken)
    {
        var content = await store.ReadAsync(new StoredName(log.Place, name), LargestObject, cancellationToken);
        if (content is null)
        {
            return null;
        }

        try
        {
            var gzip = new byte[content.Length - NonceBytes - TagBytes];
            using var box = new AesGcm(KeyOf(secret), TagBytes);
            box.Decrypt(
                content.AsSpan(0, NonceBytes),
                content.AsSpan(NonceBytes + TagBytes),
                content.AsSpan(NonceBytes, TagBytes),
                gzip,
                BoundTo(log, name));
            return await UnpackAsync(gzip, cancellationToken);
        }
        catch (Exception e) when (e is CryptographicException or OverflowException or InvalidDataException)
        {
            throw new CloudException($"The object {name} of a published log is not what was written.", isTransient: false, e);
        }
    }

    /// <summary>What a compressed piece says.</summary>
    /// <exception cref="InvalidDataException">It is none, or says more than a piece may: who sent it is not trusted.</exception>
    public static async Task<byte[]> UnpackAsync(byte[] gzip, CancellationToken cancellationToken)
    {
        var text = new byte[MostUnpacked + 1];
        await using var plain = new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress);
        var size = await plain.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellationToken);
        return size <= MostUnpacked ? text[..size] : throw new InvalidDataException("It is larger than a piece of a log.");
    }

    /// <summary>The names of those that are there, as far as the store's lists show them already.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(string place, CancellationToken cancellationToken) =>
        [.. (await store.ListAsync(place, cancellationToken)).Select(one => one.Name.Name)];

    /// <summary>Removes all.</summary>
    /// <param name="place">Where.</param>
    /// <param name="known">What is there for sure, whether or not a list shows it already.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RemoveAllAsync(string place, IEnumerable<string> known, CancellationToken cancellationToken)
    {
        foreach (var name in (await NamesAsync(place, cancellationToken)).Union(known))
        {
            await DeleteAsync(place, name, cancellationToken);
        }
    }

    /// <summary>Removes one.</summary>
    public Task DeleteAsync(string place, string name, CancellationToken cancellationToken) =>
        store.DeleteAsync(new StoredName(place, name), cancellationToken);

    private static byte[] KeyOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private static byte[] BoundTo(PublishedLog log, string name) => Encoding.UTF8.GetBytes($"{log.Place}/{name}");
}
