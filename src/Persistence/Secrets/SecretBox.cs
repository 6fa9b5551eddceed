using System.Security.Cryptography;
using System.Text;

namespace Dbaas.Persistence.Secrets;

/// <summary>
/// Encrypts what is secret at rest: AES-256-GCM under a key from the configuration, bound to the place where it is kept. What was encrypted
/// under a former key can still be read.
/// </summary>
public sealed class SecretBox : IDisposable
{
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private readonly AesGcm[] ciphers;

    /// <summary>Takes keys of 32 bytes.</summary>
    /// <param name="key">Seals.</param>
    /// <param name="former">Those that sealed before it: they only open.</param>
    public SecretBox(byte[] key, params IEnumerable<byte[]> former) =>
        ciphers = [.. former.Prepend(key).Select(one => new AesGcm(one, TagSize))];

    /// <summary>Something may have been sealed under another key than the present one.</summary>
    public bool HasFormerKeys => ciphers.Length > 1;

    /// <summary>Encrypts text for one place; null stays null.</summary>
    /// <param name="plain">The text.</param>
    /// <param name="place">Where it is kept, for example a row's id: it cannot be decrypted as if it came from elsewhere.</param>
    public string? Seal(string? plain, string place)
    {
        if (plain is null)
        {
            return null;
        }

        var bytes = Encoding.UTF8.GetBytes(plain);
        var sealedBytes = new byte[NonceSize + TagSize + bytes.Length];
        var span = sealedBytes.AsSpan();
        RandomNumberGenerator.Fill(span[..NonceSize]);
        lock (ciphers)
        {
            ciphers[0].Encrypt(
                span[..NonceSize], bytes, span[(NonceSize + TagSize)..], span.Slice(NonceSize, TagSize), Encoding.UTF8.GetBytes(place));
        }

        return Convert.ToBase64String(sealedBytes);
    }

    /// <summary>Decrypts; null stays null.</summary>
    /// <exception cref="CryptographicException">Another key, another place, or changed.</exception>
    public string? Open(string? box, string place) => Open(box, place, out _);

    /// <summary>Decrypts and encrypts anew, where another key than the present one had been used.</summary>
    /// <param name="box">What was sealed; null: nothing.</param>
    /// <param name="place">Where it is kept.</param>
    /// <returns>Null: it is under the present key.</returns>
    /// <exception cref="CryptographicException">A key that is not known, another place, or changed.</exception>
    public string? Rewrap(string? box, string place)
    {
        var plain = Open(box, place, out var isFormer);
        return isFormer ? Seal(plain, place) : null;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var cipher in ciphers)
        {
            cipher.Dispose();
        }
    }

    private string? Open(string? box, string place, out bool isFormer)
    {
        isFormer = false;
        if (box is null)
        {
            return null;
        }

        var span = Parse(box).AsSpan();
        var plain = new byte[span.Length - NonceSize - TagSize];
        lock (ciphers)
        {
            for (var index = 0; ; index++)
            {
                try
                {
                    ciphers[index].Decrypt(
                        span[..NonceSize], span[(NonceSize + TagSize)..], span.Slice(NonceSize, TagSize), plain,
                        Encoding.UTF8.GetBytes(place));
                    isFormer = index > 0;
                    return Encoding.UTF8.GetString(plain);
                }
                catch (AuthenticationTagMismatchException) when (index < ciphers.Length - 1)
                {
                    // Not this key's.
                }
            }
        }
    }

    private static byte[] Parse(string box)
    {
        var bytes = new byte[box.Length];
        return Convert.TryFromBase64String(box, bytes, out var length) && length >= NonceSize + TagSize
            ? bytes[..length]
            : throw new CryptographicException("This was not sealed.");
    }
}
