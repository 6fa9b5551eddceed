using System.Net;
using Dbaas.Identity.Limits;

namespace Dbaas.Identity.BuiltIn;

/// <summary>Who tries passwords has to wait: an address may fail twenty times at once, and then every six seconds.</summary>
internal sealed class FailedLogins
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(6);
    private readonly PermitBuckets<IPAddress> permits = new(capacity: 20, Pause);

    /// <exception cref="IdentityFault">There were too many from this address.</exception>
    public void Check(IPAddress? address)
    {
        if (permits.Left(address ?? IPAddress.None) == 0)
        {
            throw IdentityFault.TooMany(Pause);
        }
    }

    public void Count(IPAddress? address) => permits.TryTake(address ?? IPAddress.None);
}
