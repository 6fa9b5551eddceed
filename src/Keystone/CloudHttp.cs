using System.Security.Cryptography.X509Certificates;

namespace Dbaas.Keystone;

/// <summary>Connections to a cloud.</summary>
public static class CloudHttp
{
    /// <param name="caFile">The certificates (PEM) that alone are trusted; null: the system's.</param>
    /// <param name="connections">How many there may be to one server.</param>
    public static HttpClient Create(string? caFile, int connections = int.MaxValue)
    {
        var handler = new SocketsHttpHandler
        {
            // A cloud's addresses move between its controllers.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            MaxConnectionsPerServer = connections,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
        };
        if (caFile is not null)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.ImportFromPemFile(caFile);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        // Each call has a deadline of its own.
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
