using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Dbaas.Datastores.Contract;

namespace Dbaas.GuestAgent.Transfer;

/// <summary>What somebody asks of an offer, and who it is.</summary>
/// <param name="Method">As sent.</param>
/// <param name="Path">As sent.</param>
/// <param name="Authorization">That header; a secret.</param>
/// <param name="From">The other end.</param>
/// <param name="Certificate">Of our authority.</param>
internal sealed record PeerRequest(string Method, string Path, string Authorization, IPAddress? From, X509Certificate2? Certificate)
{
    public bool IsPermitted(PeerStreamOffer offer, string token, Uri href) =>
        Method == "GET"
        && Path == href.AbsolutePath
        && Certificate?.GetNameInfo(X509NameType.SimpleName, forIssuer: false) == offer.ReaderInstanceId
        && From is not null
        && SameAddress(From, offer.ReaderAddress)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Authorization), Encoding.UTF8.GetBytes("Bearer " + token));

    public static bool SameAddress(IPAddress from, string address) =>
        IPAddress.Parse(address).Equals(from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from);

    /// <summary>Never the token.</summary>
    public override string ToString() => $"{Method} {Path}";
}
