using System.Threading.RateLimiting;

namespace Dbaas.GuestAgent.Streams;

/// <summary>Lets no more bytes through in a second than it may.</summary>
internal sealed class PacedStream : WriteOnlyStream
{
    private const int PeriodsPerSecond = 10;
    private const int LargestPiece = 64 * 1024;

    private readonly Stream target;
    private readonly TokenBucketRateLimiter limiter;
    private readonly int piece;

    /// <param name="target">Takes what comes through; stays open.</param>
    /// <param name="bytesPerSecond">So many at most, and a tenth of that at once.</param>
    public PacedStream(Stream target, long bytesPerSecond)
    {
        this.target = target;
        var perPeriod = (int)Math.Clamp(bytesPerSecond / PeriodsPerSecond, 1, int.MaxValue);
        piece = Math.Min(LargestPiece, perPeriod);
        limiter = new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = perPeriod,
            TokensPerPeriod = perPeriod,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1.0 / PeriodsPerSecond),
            QueueLimit = int.MaxValue,
        });
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var next = buffer[..Math.Min(piece, buffer.Length)];
            using var lease = await limiter.AcquireAsync(next.Length, cancellationToken);
            await target.WriteAsync(next, cancellationToken);
            buffer = buffer[next.Length..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Whoever is held up here gives the thread back.");

    public override void Flush() => target.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => target.FlushAsync(cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            limiter.Dispose();
        }

        base.Dispose(disposing);
    }
}
