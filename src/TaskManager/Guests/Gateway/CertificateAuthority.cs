using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>
/// Our own authority: made once, kept, and trusted by nobody but our agents and gateways. Agents' certificates carry their instance id
/// as name, the gateway's carries <see cref="GatewayName"/>, so that neither can pose as the other.
/// </summary>
public sealed class CertificateAuthority : IDisposable
{
    /// <summary>The name in every gateway's certificate. Agents check it whatever the address is.</summary>
    public const string GatewayName = "gateway.dbaas";

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan OwnLife = TimeSpan.FromDays(3650);
    private static readonly TimeSpan GatewayLife = TimeSpan.FromDays(90);

    private readonly TimeProvider time;
    private readonly TimeSpan agentLife;
    private readonly X509Certificate2 authority;
    private readonly Lock gate = new();
    private SslStreamCertificateContext? gateway;

    /// <summary>An authority that was made.</summary>
    /// <param name="keyAndCertificate">A secret that every gateway shares: as <see cref="Make"/> made it.</param>
    /// <param name="time">Where time comes from.</param>
    /// <param name="agentLife">How long agents' certificates are good; null: 30 days.</param>
    /// <param name="grace">How long after that one of them may still be exchanged for a new one; null: 30 days.</param>
    public CertificateAuthority(byte[] keyAndCertificate, TimeProvider time, TimeSpan? agentLife = null, TimeSpan? grace = null)
    {
        this.time = time;
        Grace = grace ?? TimeSpan.FromDays(30);
        this.agentLife = agentLife ?? TimeSpan.FromDays(30);
        var pem = Encoding.ASCII.GetString(keyAndCertificate);
        authority = X509Certificate2.CreateFromPem(pem, pem);
    }

    /// <summary>What agents are to trust, PEM.</summary>
    public string CertificatesPem => authority.ExportCertificatePem();

    /// <summary>How long after its end an agent's certificate may still be exchanged for a new one.</summary>
    internal TimeSpan Grace { get; }

    /// <summary>Makes a new authority: its key and certificate, PEM.</summary>
    public static byte[] Make(TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Name("dbaas guest authority"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = time.GetUtcNow();
        using var made = request.CreateSelfSigned(now - Skew, now + OwnLife);
        return Encoding.ASCII.GetBytes(made.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <inheritdoc />
    public void Dispose()
    {
        gateway?.TargetCertificate.Dispose();
        authority.Dispose();
    }

    /// <summary>For an agent: good for calls to the gateway, and for transfers between agents in both directions.</summary>
    internal IssuedCertificate Issue(string instanceId, AgentKey agent)
    {
        var request = new CertificateRequest(Name(instanceId), agent.Key, HashAlgorithmName.SHA256);
        using var certificate = Sign(request, instanceId, [ServerAuthentication, ClientAuthentication], agentLife);
        return new IssuedCertificate(certificate.ExportCertificatePem(), certificate.SerialNumber);
    }

    /// <summary>The gateway's own, ready for handshakes; made anew when two thirds of its life are over.</summary>
    internal SslStreamCertificateContext GatewayCertificate()
    {
        lock (gate)
        {
            if (gateway is null || gateway.TargetCertificate.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime < GatewayLife / 3)
            {
                // The old one is not disposed: a handshake may be using it.
                using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                var request = new CertificateRequest(Name(GatewayName), key, HashAlgorithmName.SHA256);
                using var bare = Sign(request, GatewayName, [ServerAuthentication], GatewayLife);
                gateway = SslStreamCertificateContext.Create(bare.CopyWithPrivateKey(key), additionalCertificates: null, offline: true);
            }

            return gateway;
        }
    }

    /// <summary>How clients' certificates are judged: by this authority alone.</summary>
    internal X509ChainPolicy ChainPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.Add(authority);
        return policy;
    }

    private X509Certificate2 Sign(CertificateRequest request, string name, string[] uses, TimeSpan life)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        var purposes = new OidCollection();
        foreach (var use in uses)
        {
            purposes.Add(new Oid(use));
        }

        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(purposes, false));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));

        // Positive and never empty: the highest bit off, the next one on.
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        var now = time.GetUtcNow();
        return request.Create(authority, now - Skew, Earlier(now + life, authority.NotAfter), serial);
    }

    private static DateTimeOffset Earlier(DateTimeOffset wanted, DateTime authorityEnd) =>
        wanted < authorityEnd ? wanted : authorityEnd;

    private static X500DistinguishedName Name(string name)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(name);
        return builder.Build();
    }
}
