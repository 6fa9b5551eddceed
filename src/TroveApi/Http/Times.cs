using System.Globalization;
using Dbaas.Domain.Archives;

namespace Dbaas.TroveApi.Http;

/// <summary>Trove's form of dates: UTC, without zone and fractions.</summary>
internal static class Times
{
    public static string Format(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A moment that a restore can name: exact, and with its zone.</summary>
    public static string FormatMicros(long micros) =>
        Micros.ToMoment(micros).ToString("yyyy-MM-ddTHH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
