namespace Dbaas.Domain.Archives;

/// <summary>Moments of transactions: Unix microseconds.</summary>
public static class Micros
{
    /// <summary>In a millisecond.</summary>
    public const long OfMilli = 1000;

    /// <summary>As a number; null: not known.</summary>
    public static long? Of(DateTimeOffset? moment) =>
        moment is { } known ? (known - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond : null;

    /// <summary>As a moment.</summary>
    public static DateTimeOffset ToMoment(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);
}
