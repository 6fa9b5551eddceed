using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dbaas.Cloud.OpenStack.Swift;

/// <summary>An address that does one thing with one object until a time: who holds the container's key signs it.</summary>
internal static class TemporaryAddress
{
    /// <param name="address">The object's own address.</param>
    /// <param name="method">What may be done.</param>
    /// <param name="until">Its last second.</param>
    /// <param name="key">The container's.</param>
    public static string Of(Uri address, HttpMethod method, DateTimeOffset until, string key)
    {
        var expires = until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signed = Encoding.UTF8.GetBytes($"{method}\n{expires}\n{address.AbsolutePath}");
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed));
        return $"{address.GetLeftPart(UriPartial.Path)}?temp_url_sig={signature}&temp_url_expires={expires}";
    }
}
