using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Dbaas.GuestAgent.Tests.Fakes;

/// <summary>A guest that listens with its own, valid certificate where others expect the gateway.</summary>
internal sealed class PosingGuest : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Task work;

    public PosingGuest(X509Certificate2 certificate)
    {
        listener.Start();
        work = ServeAsync(certificate);
    }

    public Uri Url => new($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeAsync(X509Certificate2 certificate)
    {
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync();
            await using var tls = new SslStream(client.GetStream());
            try
            {
                await tls.AuthenticateAsServerAsync(certificate);
                await tls.CopyToAsync(Stream.Null);
            }
            catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The client has turned away, as it should.
            }
        }
    }
}
