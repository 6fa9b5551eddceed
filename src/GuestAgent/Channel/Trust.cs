using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Dbaas.GuestAgent.Channel;

/// <summary>
/// The authority from the bootstrap document, and nobody else. The other end's name is checked by the platform against the Host header
/// of each request: the gateway's fixed name, or a peer's instance id. An address in its place fails.
/// </summary>
internal sealed class Trust
{
    /// <summary>
    /// The name in the gateway's certificate, whatever its address. Agents' certificates carry instance ids, so no guest can pose as it.
    /// </summary>
    public const string GatewayName = "gateway.dbaas";

    private readonly X509Certificate2Collection authorities = [];

    public Trust(string caCertificates) => authorities.ImportFromPem(caCertificates);

    public SslClientAuthenticationOptions ForClient(X509Certificate2? own) => new()
    {
        CertificateChainPolicy = Policy(),
        ClientCertificateContext = own is null ? null : Context(own),
    };

    public X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    public static SslStreamCertificateContext Context(X509Certificate2 own) =>
        SslStreamCertificateContext.Create(own, additionalCertificates: null, offline: true);
}
