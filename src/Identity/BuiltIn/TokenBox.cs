using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Dbaas.Identity.BuiltIn;

/// <summary>
/// Makes tokens and reads them: the content, encrypted and authenticated under the configured key. Nothing is stored, so tokens outlive a
/// restart of the service.
/// </summary>
internal sealed class TokenBox(byte[] key) : IDisposable
{
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private readonly AesGcm cipher = new(key, TagSize);
    private readonly Lock gate = new();

    public string Write(TokenContent content)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(content, TokenJson.Default.TokenContent);
        var bytes = new byte[NonceSize + TagSize + plain.Length];
        var span = bytes.AsSpan();
        RandomNumberGenerator.Fill(span[..NonceSize]);
        lock (gate)
        {
            cipher.Encrypt(span[..NonceSize], plain, span[(NonceSize + TagSize)..], span.Slice(NonceSize, TagSize));
        }

        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null: not one of ours.</summary>
    public TokenContent? Read(string token)
    {
        if (token.Length > 4096 || !Base64Url.IsValid(token))
        {
            return null;
        }

        var span = Base64Url.DecodeFromChars(token).AsSpan();
        if (span.Length <= NonceSize + TagSize)
        {
            return null;
        }

        var plain = new byte[span.Length - NonceSize - TagSize];
        try
        {
            lock (gate)
            {
                cipher.Decrypt(span[..NonceSize], span[(NonceSize + TagSize)..], span.Slice(NonceSize, TagSize), plain);
            }
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return JsonSerializer.Deserialize(plain, TokenJson.Default.TokenContent);
    }

    public void Dispose() => cipher.Dispose();
}
