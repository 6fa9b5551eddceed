using System.Security.Cryptography.X509Certificates;

namespace Dbaas.Cloud.OpenStack.Session;

/// <summary>The connections to the cloud.</summary>
internal static class CloudHttp
{
    public static HttpClient Create(OpenStackOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            // A cloud's addresses move between its controllers.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
        };
        if (options.CaFile is { } file)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(file);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        // Each call has a deadline of its own.
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
