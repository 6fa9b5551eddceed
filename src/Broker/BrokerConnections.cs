using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using RabbitMQ.Client;

namespace Dbaas.Broker;

/// <summary>Opens connections to the broker. Whoever has one opens another when it is lost.</summary>
internal sealed class BrokerConnections
{
    private readonly ConnectionFactory factory;

    public BrokerConnections(BrokerOptions options)
    {
        factory = new ConnectionFactory
        {
            Uri = options.Url,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = TimeSpan.FromSeconds(10),
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
        };
        if (factory.Ssl.Enabled && options.Authority is { } authority)
        {
            var trusted = new X509Certificate2Collection();
            trusted.ImportFromPem(authority);
            factory.Ssl.CertificateValidationCallback = (_, certificate, _, errors) => IsOf(trusted, certificate, errors);
        }
    }

    /// <param name="name">For those who look at the broker.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<IConnection> OpenAsync(string name, CancellationToken cancellationToken) =>
        factory.CreateConnectionAsync(name, cancellationToken);

    // That the name is the broker's was looked at before; by whom the certificate is, is looked at here, and by nobody else's list.
    private static bool IsOf(X509Certificate2Collection trusted, X509Certificate? shown, SslPolicyErrors errors)
    {
        if (shown is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var certificate = X509CertificateLoader.LoadCertificate(shown.GetRawCertData());
        return chain.Build(certificate);
    }
}
