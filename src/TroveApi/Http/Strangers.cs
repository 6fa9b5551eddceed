using System.Net;
using Dbaas.Identity.Limits;
using Microsoft.AspNetCore.Http;

namespace Dbaas.TroveApi.Http;

/// <summary>
/// Addresses that send tokens which are nobody's. Asking a Keystone about each would keep those waiting who have good ones, so an address
/// has so many of them in a minute. Tokens that are known are not held up by it.
/// </summary>
internal sealed class Strangers
{
    public const int PerMinute = 120;
    private readonly PermitBuckets<IPAddress> permits = new(PerMinute, TimeSpan.FromMinutes(1) / PerMinute);

    public bool AreTooMany(HttpContext context) => permits.Left(AddressOf(context)) == 0;

    public void Count(HttpContext context) => permits.TryTake(AddressOf(context));

    private static IPAddress AddressOf(HttpContext context) => context.Connection.RemoteIpAddress ?? IPAddress.None;
}
