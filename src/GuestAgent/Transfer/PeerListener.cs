using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Channel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.GuestAgent.Transfer;

/// <summary>One offer's listener. A web server runs only while an offer is open: a resting agent stays small.</summary>
internal sealed class PeerListener : IAsyncDisposable
{
    private readonly PeerStreamOffer offer;
    private readonly Func<Stream, CancellationToken, Task> write;
    private readonly Action<string> log;
    private readonly WebApplication server;
    private readonly CancellationTokenSource closing = new();
    private readonly SemaphoreSlim oneTransfer = new(1);
    private readonly Lock gate = new();
    private CancellationTokenSource? current;
    private ITimer? deadline;

    private PeerListener(
        PeerStreamOffer offer,
        string token,
        IPEndPoint endPoint,
        X509Certificate2 certificate,
        Trust trust,
        Func<Stream, CancellationToken, Task> write,
        Action<string> log)
    {
        this.offer = offer;
        this.write = write;
        this.log = log;
        Token = token;

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 8;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxResponseBufferSize = 1024 * 1024;

            // A reader may be slow: it writes to a disk.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(endPoint, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = certificate,
                    ClientCertificateMode = ClientCertificateMode.RequireCertificate,
                    OnAuthenticate = (_, tls) =>
                    {
                        tls.CertificateChainPolicy = trust.Policy();
                        tls.ServerCertificateContext = Trust.Context(certificate);
                    },
                });
            });
        });
        server = builder.Build();
        server.Run(ServeAsync);
    }

    public string Token { get; }

    public int Port { get; private set; }

    public Uri Href { get; private set; } = null!;

    /// <summary>On the recorded port when it is free, so that the address stays; else on any.</summary>
    public static async Task<PeerListener> OpenAsync(
        PeerStreamOffer offer,
        OfferRecord record,
        IPAddress host,
        X509Certificate2 certificate,
        Trust trust,
        Func<Stream, CancellationToken, Task> write,
        Action<string> log,
        CancellationToken cancellationToken)
    {
        foreach (var port in record.Port == 0 ? [0] : new[] { record.Port, 0 })
        {
            var listener = new PeerListener(offer, record.Token, new IPEndPoint(host, port), certificate, trust, write, log);
            try
            {
                await listener.server.StartAsync(cancellationToken);
                listener.Port = listener.BoundPort();
                listener.Href = new UriBuilder("https", host.ToString(), listener.Port, "/snapshots/" + Uri.EscapeDataString(offer.Id)).Uri;
                return listener;
            }
            catch (IOException) when (port != 0)
            {
                await listener.DisposeAsync();
            }
            catch
            {
                await listener.DisposeAsync();
                throw;
            }
        }

        throw new InvalidOperationException("Any free port was asked for.");
    }

    public void CloseAfter(TimeSpan openFor, TimeProvider time, Func<Task> close) =>
        deadline = time.CreateTimer(_ => _ = close(), null, openFor, Timeout.InfiniteTimeSpan);

    public async ValueTask DisposeAsync()
    {
        deadline?.Dispose();
        await closing.CancelAsync();
        await server.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // The running transfer's tool ends first; then nothing uses what is freed here.
        await oneTransfer.WaitAsync();
        await server.DisposeAsync();
        closing.Dispose();
        oneTransfer.Dispose();
    }

    private int BoundPort() =>
        new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    private async Task ServeAsync(HttpContext context)
    {
        if (!IsPermitted(context))
        {
            log($"A read of the offer {offer.Id} from {context.Connection.RemoteIpAddress} was refused.");
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        // The reader comes again when its first connection has died, which is not always seen on this side.
        using var transfer = CancellationTokenSource.CreateLinkedTokenSource(closing.Token, context.RequestAborted);
        Supersede(transfer);
        try
        {
            await oneTransfer.WaitAsync(transfer.Token);
            try
            {
                await write(new BulkStream(context.Response.BodyWriter), transfer.Token);
            }
            finally
            {
                oneTransfer.Release();
            }
        }
        catch (Exception e)
        {
            log($"The transfer of the offer {offer.Id} was cut off: {e.Message}");
            context.Abort();
        }
        finally
        {
            Leave(transfer);
        }
    }

    private void Supersede(CancellationTokenSource transfer)
    {
        lock (gate)
        {
            current?.Cancel();
            current = transfer;
        }
    }

    private void Leave(CancellationTokenSource transfer)
    {
        lock (gate)
        {
            current = current == transfer ? null : current;
        }
    }

    private bool IsPermitted(HttpContext context)
    {
        var certificate = context.Connection.ClientCertificate;
        var address = context.Connection.RemoteIpAddress;
        var given = Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString());
        return HttpMethods.IsGet(context.Request.Method)
            && context.Request.Path.Value == "/snapshots/" + offer.Id
            && certificate?.GetNameInfo(X509NameType.SimpleName, forIssuer: false) == offer.ReaderInstanceId
            && address is not null
            && IPAddress.Parse(offer.ReaderAddress).Equals(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
            && CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes("Bearer " + Token));
    }
}
