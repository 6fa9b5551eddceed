using System.Security.Cryptography;

namespace Dbaas.Domain;

/// <summary>Ids by the clock and chance, secrets by the system's generator.</summary>
public sealed class RandomIdSource(TimeProvider time) : IIdSource
{
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    private const int MostInOneMillisecond = 1 << 12;
    private readonly Lock gate = new();
    private long lastMillisecond;
    private int count;

    /// <inheritdoc />
    /// <remarks>
    /// Version 7; the twelve bits behind the milliseconds count, so that ids of one source rise even within a millisecond.
    /// </remarks>
    public string NewId()
    {
        var (millisecond, number) = Next();
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(millisecond)).TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[6] = (byte)((bytes[6] & 0xF0) | (number >> 8));
        bytes[7] = (byte)number;
        return new Guid(bytes, bigEndian: true).ToString();
    }

    /// <inheritdoc />
    public string NewSecret(int length) => RandomNumberGenerator.GetString(Letters, length);

    private (long Millisecond, int Number) Next()
    {
        lock (gate)
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            (lastMillisecond, count) = now > lastMillisecond ? (now, 0)
                : count + 1 < MostInOneMillisecond ? (lastMillisecond, count + 1)
                : (lastMillisecond + 1, 0);
            return (lastMillisecond, count);
        }
    }
}
