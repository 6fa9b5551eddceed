using System.Security.Cryptography;

namespace Dbaas.Domain;

/// <summary>Ids by the clock and chance, secrets by the system's generator.</summary>
public sealed class RandomIdSource(TimeProvider time) : IIdSource
{
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    /// <inheritdoc />
    public string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString();

    /// <inheritdoc />
    public string NewSecret(int length) => RandomNumberGenerator.GetString(Letters, length);
}
