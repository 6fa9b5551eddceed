using System.Security.Cryptography;
using System.Text;

namespace Dbaas.Persistence.Secrets;

/// <summary>Encrypts what is secret at rest: AES-256-GCM under a key from the configuration, bound to the place where it is kept.</summary>
public sealed class SecretBox : IDisposable
{
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private readonly AesGcm cipher;

    /// <summary>Takes a key of 32 bytes.</summary>
    public SecretBox(ReadOnlySpan<byte> key) => cipher = new AesGcm(key, TagSize);

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
        lock (cipher)
        {
            cipher.Encrypt(
                span[..NonceSize], bytes, span[(NonceSize + TagSize)..], span.Slice(NonceSize, TagSize), Encoding.UTF8.GetBytes(place));
        }

        return Convert.ToBase64String(sealedBytes);
    }

    /// <summary>Decrypts; null stays null.</summary>
    /// <exception cref="CryptographicException">Another key, another place, or changed.</exception>
    public string? Open(string? box, string place)
    {
        if (box is null)
        {
            return null;
        }

        var span = Parse(box).AsSpan();
        var plain = new byte[span.Length - NonceSize - TagSize];
        lock (cipher)
        {
            cipher.Decrypt(
                span[..NonceSize], span[(NonceSize + TagSize)..], span.Slice(NonceSize, TagSize), plain, Encoding.UTF8.GetBytes(place));
        }

        return Encoding.UTF8.GetString(plain);
    }

    /// <inheritdoc />
    public void Dispose() => cipher.Dispose();

    private static byte[] Parse(string box)
    {
        var bytes = new byte[box.Length];
        return Convert.TryFromBase64String(box, bytes, out var length) && length >= NonceSize + TagSize
            ? bytes[..length]
            : throw new CryptographicException("This was not sealed.");
    }
}
