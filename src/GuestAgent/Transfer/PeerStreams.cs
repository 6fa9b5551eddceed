using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Channel;
using Dbaas.GuestProtocol;

namespace Dbaas.GuestAgent.Transfer;

/// <summary>Offers bulk data to one peer each, and reads peers' offers.</summary>
internal sealed class PeerStreams(
    string instanceId, IPAddress host, string offersFolder, AgentIdentity identity, Trust trust, TimeProvider time, Action<string> log)
    : IPeerStreams, IAsyncDisposable
{
    /// <summary>For a connection with its handshake: a machine that is busy, or whose processor is translated, takes its time.</summary>
    internal TimeSpan ConnectPatience { get; init; } = TimeSpan.FromSeconds(30);

    private readonly OfferRecords records = new(offersFolder, log);
    private readonly SemaphoreSlim gate = new(1);
    private readonly ConcurrentDictionary<string, PeerListener> open = new();

    public async Task<PeerStreamAddress> OfferAsync(
        PeerStreamOffer offer, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (!open.TryGetValue(offer.Id, out var listener))
            {
                var certificate = identity.Certificate
                    ?? throw new DatastoreException(FaultKind.Transient, "This server has no certificate yet to offer data with.");
                var record = records.FindOrMake(offer.Id);
                listener = PeerListener.Open(offer, record, host, certificate, trust, write, log);
                records.Keep(offer.Id, record with { Port = listener.Port });
                open[offer.Id] = listener;
                listener.CloseAfter(offer.OpenFor, time, () => CloseAsync(offer.Id));
            }

            return new PeerStreamAddress(listener.Href, listener.Token, instanceId);
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task CloseAsync(string offerId)
    {
        await gate.WaitAsync();
        try
        {
            records.Forget(offerId);
            if (open.TryRemove(offerId, out var listener))
            {
                await listener.DisposeAsync();
            }
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task ReadAsync(PeerStreamAddress address, Func<Stream, CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        using var client = Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, address.Href) { Headers = { Host = address.InstanceId } };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", address.Token);
        using var answer = await AskAsync(client, request, cancellationToken);
        if (answer.StatusCode is HttpStatusCode.Conflict)
        {
            throw new DatastoreException(FaultKind.Precondition, await answer.Content.ReadAsStringAsync(cancellationToken));
        }

        if (!answer.IsSuccessStatusCode)
        {
            throw new DatastoreException(
                answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound
                    ? FaultKind.Precondition
                    : FaultKind.Transient,
                $"The server that offers the data answered {(int)answer.StatusCode}.");
        }

        await using var content = new TransferStream(await answer.Content.ReadAsStreamAsync(cancellationToken));
        await read(content, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        // The records stay: the same offers may be opened again by the next agent.
        foreach (var listener in open.Values)
        {
            await listener.DisposeAsync();
        }

        gate.Dispose();
    }

    private async Task<HttpResponseMessage> AskAsync(HttpClient client, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new DatastoreException(FaultKind.Transient, $"The server that offers the data cannot be reached: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DatastoreException(
                FaultKind.Transient,
                $"The server that offers the data did not take the connection within {ConnectPatience.TotalSeconds:0.#} s.",
                e);
        }
    }

    private HttpClient Client() => new(new SocketsHttpHandler
    {
        SslOptions = trust.ForClient(identity.Certificate),
        ConnectCallback = ConnectFromOwnAddressAsync,
        ConnectTimeout = ConnectPatience,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The peer lets in one address: ours, not the one that the kernel would choose on a machine with several.</summary>
    private async ValueTask<Stream> ConnectFromOwnAddressAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(host.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            LivingPath.Watch(socket);
            socket.Bind(new IPEndPoint(host, 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
