namespace Dbaas.Datastores.MySql.Archiving;

/// <summary>Moments as the logs have them: Unix microseconds.</summary>
internal static class Moments
{
    public static DateTimeOffset Of(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);

    public static long Of(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
