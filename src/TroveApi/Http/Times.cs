using System.Globalization;

namespace Dbaas.TroveApi.Http;

/// <summary>Trove's form of dates: UTC, without zone and fractions.</summary>
internal static class Times
{
    public static string Format(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
}
