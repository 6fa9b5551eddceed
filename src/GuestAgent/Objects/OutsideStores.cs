using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Dbaas.GuestAgent.Objects;

/// <summary>
/// Stores that are not the gateway. They see an address that is good for one use, and not who we are; their certificates are by an
/// authority that this system trusts. Those are read when they are needed: most agents never do.
/// </summary>
internal sealed class OutsideStores(TimeProvider time) : IDisposable
{
    private const string Authorities = "/etc/ssl/certs/ca-certificates.crt";
    private static readonly TimeSpan ObjectWithin = TimeSpan.FromMinutes(2);
    private readonly Lazy<HttpClient> client = new(Make);

    /// <summary>One try; the caller looks at the answer.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ObjectWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return await client.Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
    }

    public void Dispose()
    {
        if (client.IsValueCreated)
        {
            client.Value.Dispose();
        }
    }

    private static HttpClient Make()
    {
        var trusted = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust };
        if (File.Exists(Authorities))
        {
            trusted.CustomTrustStore.ImportFromPemFile(Authorities);
        }

        return new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trusted },
            ConnectTimeout = TimeSpan.FromSeconds(15),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }
}
