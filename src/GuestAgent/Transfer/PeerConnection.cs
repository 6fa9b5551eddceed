using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Dbaas.GuestAgent.Channel;

namespace Dbaas.GuestAgent.Transfer;

/// <summary>One connection to an offer: its greeting, and the answer. Nothing in it waits for a silent reader for ever.</summary>
internal sealed class PeerConnection : IAsyncDisposable
{
    /// <summary>Handshake and request together, and each answer without data.</summary>
    private static readonly TimeSpan Greeting = TimeSpan.FromSeconds(30);

    private readonly IPAddress? from;
    private readonly SslStream tls;

    public PeerConnection(Socket socket)
    {
        from = (socket.RemoteEndPoint as IPEndPoint)?.Address;
        socket.NoDelay = true;
        LivingPath.Watch(socket);
        tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
    }

    /// <exception cref="InvalidDataException">It is no request.</exception>
    public async Task<PeerRequest> GreetAsync(X509Certificate2 own, Trust trust, CancellationToken cancellationToken)
    {
        using var patience = Within(Greeting, cancellationToken);
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = Trust.Context(own),
                ClientCertificateRequired = true,
                CertificateChainPolicy = trust.Policy(),
            },
            patience.Token);
        var (method, path, authorization) = await RequestHead.ReadAsync(tls, patience.Token);
        return new PeerRequest(method, path, authorization, from, tls.RemoteCertificate as X509Certificate2);
    }

    public Task RefuseAsync(CancellationToken cancellationToken) => AnswerAsync("403 Forbidden", "", cancellationToken);

    /// <summary>There will be no data.</summary>
    /// <param name="reason">A sentence for the user.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task GiveUpAsync(string reason, CancellationToken cancellationToken) => AnswerAsync("409 Conflict", reason, cancellationToken);

    private async Task AnswerAsync(string status, string body, CancellationToken cancellationToken)
    {
        using var patience = Within(Greeting, cancellationToken);
        var content = Encoding.UTF8.GetBytes(body);
        var head = $"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + $"Content-Length: {content.Length}\r\nConnection: close\r\n\r\n";
        await tls.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. content], patience.Token);
        await tls.ShutdownAsync().WaitAsync(patience.Token);
        await SeeEndAsync(patience.Token);
    }

    /// <summary>The answer's body is what <paramref name="write"/> writes; its end is sent only when that returns.</summary>
    /// <param name="write">Writes the data.</param>
    /// <param name="transfer">Is cancelled when the reader has gone.</param>
    public async Task SendAsync(Func<Stream, CancellationToken, Task> write, CancellationTokenSource transfer)
    {
        var end = SeeEndAsync(transfer);
        try
        {
            await tls.WriteAsync(
                (byte[])
                [
                    .. "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"u8,
                    .. "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"u8,
                ],
                transfer.Token);
            var body = new ChunkedStream(tls);
            await write(body, transfer.Token);
            await body.FinishAsync(transfer.Token);

            // Closing before the reader has read all would throw the rest away.
            await end.WaitAsync(Greeting, transfer.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            await transfer.CancelAsync();
            await end;
        }
    }

    public ValueTask DisposeAsync() => tls.DisposeAsync();

    /// <summary>The reader has nothing more to say: whatever comes is its end.</summary>
    private async Task SeeEndAsync(CancellationTokenSource transfer)
    {
        await SeeEndAsync(transfer.Token);
        await transfer.CancelAsync();
    }

    private async Task SeeEndAsync(CancellationToken cancellationToken)
    {
        try
        {
            _ = await tls.ReadAsync(new byte[1], cancellationToken);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // That is an end as well.
        }
    }

    private static CancellationTokenSource Within(TimeSpan patience, CancellationToken cancellationToken)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        source.CancelAfter(patience);
        return source;
    }
}
