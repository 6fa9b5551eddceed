using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Channel;
using Dbaas.GuestProtocol;

namespace Dbaas.GuestAgent.Transfer;

/// <summary>
/// One offer's listener: TLS, one request on each connection. By hand, because it serves one URL to one reader: a web server would send the
/// same data in pieces of 4 KB with one and a half times the work, and would be a quarter of the agent's size.
/// </summary>
internal sealed class PeerListener : IAsyncDisposable
{
    private const int MostConnections = 8;
    private const int AddressReuse = 2;
    private const int SocketLevel = 1;

    private static readonly TimeSpan Handover = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AcceptAgain = TimeSpan.FromMilliseconds(200);

    private readonly PeerStreamOffer offer;
    private readonly OfferRecord record;
    private readonly X509Certificate2 certificate;
    private readonly Trust trust;
    private readonly Func<Stream, CancellationToken, Task> write;
    private readonly Action<string> log;
    private readonly Socket listening;
    private readonly Task accepting;
    private readonly CancellationTokenSource closing = new();
    private readonly SemaphoreSlim connections = new(MostConnections);
    private readonly SemaphoreSlim oneTransfer = new(1);
    private readonly Lock gate = new();
    private CancellationTokenSource? current;
    private IPAddress? lastStranger;
    private ITimer? deadline;

    // Why there will be no more data; null: there will.
    private volatile string? givenUp;

    private PeerListener(
        PeerStreamOffer offer,
        OfferRecord record,
        Socket listening,
        X509Certificate2 certificate,
        Trust trust,
        Func<Stream, CancellationToken, Task> write,
        Action<string> log)
    {
        this.offer = offer;
        this.record = record;
        this.listening = listening;
        this.certificate = certificate;
        this.trust = trust;
        this.write = write;
        this.log = log;
        var bound = (IPEndPoint)listening.LocalEndPoint!;
        Port = bound.Port;
        Href = new UriBuilder("https", bound.Address.ToString(), Port, "/snapshots/" + Uri.EscapeDataString(offer.Id)).Uri;
        accepting = AcceptAsync();
    }

    public string Token => record.Token;

    public int Port { get; }

    public Uri Href { get; }

    /// <summary>On the recorded port when it is free, so that the address stays; else on any.</summary>
    public static PeerListener Open(
        PeerStreamOffer offer,
        OfferRecord record,
        IPAddress host,
        X509Certificate2 certificate,
        Trust trust,
        Func<Stream, CancellationToken, Task> write,
        Action<string> log) =>
        new(offer, record, Listen(host, record.Port), certificate, trust, write, log);

    public void CloseAfter(TimeSpan openFor, TimeProvider time, Func<Task> close) =>
        deadline = time.CreateTimer(_ => _ = close(), null, openFor, Timeout.InfiniteTimeSpan);

    public async ValueTask DisposeAsync()
    {
        deadline?.Dispose();
        await closing.CancelAsync();
        await accepting;
        listening.Dispose();

        // The running transfer's tool ends first; then nothing uses what is freed here.
        for (var i = 0; i < MostConnections; i++)
        {
            await connections.WaitAsync();
        }

        closing.Dispose();
        connections.Dispose();
        oneTransfer.Dispose();
    }

    private static Socket Listen(IPAddress host, int port)
    {
        var socket = new Socket(host.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Connections that ended a moment ago do not keep the port. The option of .NET would also share it with others.
            socket.SetRawSocketOption(SocketLevel, AddressReuse, BitConverter.GetBytes(1));
            socket.Bind(new IPEndPoint(host, port));
            socket.Listen(MostConnections);
            return socket;
        }
        catch (SocketException) when (port != 0)
        {
            socket.Dispose();
            return Listen(host, port: 0);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task AcceptAsync()
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                var socket = await listening.AcceptAsync(closing.Token);
                if (!IsReaders(socket))
                {
                    // Before anything is asked: a neighbour takes none of the few places.
                    socket.Dispose();
                }
                else if (connections.Wait(0))
                {
                    _ = ServeAsync(socket);
                }
                else
                {
                    socket.Dispose();
                }
            }
            catch (SocketException e)
            {
                log($"A connection to the offer {offer.Id} could not be accepted: {e.Message}");
                await Task.Delay(AcceptAgain, closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>It comes from the one address that is let in.</summary>
    private bool IsReaders(Socket socket)
    {
        var from = (socket.RemoteEndPoint as IPEndPoint)?.Address;
        if (from is not null && PeerRequest.SameAddress(from, offer.ReaderAddress))
        {
            return true;
        }

        if (!from?.Equals(lastStranger) ?? false)
        {
            log($"A connection to the offer {offer.Id} from {from} was refused.");
            lastStranger = from;
        }

        return false;
    }

    /// <summary>Never throws: nobody waits for it.</summary>
    private async Task ServeAsync(Socket socket)
    {
        var from = (socket.RemoteEndPoint as IPEndPoint)?.Address;
        try
        {
            await using var connection = new PeerConnection(socket);
            var request = await connection.GreetAsync(certificate, trust, closing.Token);
            if (!request.IsPermitted(offer, record.Token, Href))
            {
                log($"A read of the offer {offer.Id} from {from} was refused.");
                await connection.RefuseAsync(closing.Token);
                return;
            }

            if (givenUp is { } reason)
            {
                await connection.GiveUpAsync(reason, closing.Token);
                return;
            }

            await TransferAsync(connection);
        }
        catch (DatastoreException e) when (e.Kind is not FaultKind.Transient)
        {
            // The reader sees a stream that is cut. It comes again, and then it is told.
            givenUp = e.Message;
            log($"The offer {offer.Id} is given up: {e.Message}");
        }
        catch (Exception e)
        {
            log($"A read of the offer {offer.Id} from {from} was cut off: {e.Message}");
        }
        finally
        {
            connections.Release();
        }
    }

    /// <summary>The reader comes again when its first connection has died, which is not always seen on this side.</summary>
    private async Task TransferAsync(PeerConnection connection)
    {
        using var transfer = CancellationTokenSource.CreateLinkedTokenSource(closing.Token);
        Supersede(transfer);
        try
        {
            if (!await oneTransfer.WaitAsync(Handover, transfer.Token))
            {
                throw new TimeoutException("The transfer before it does not end.");
            }

            try
            {
                await connection.SendAsync(write, transfer);
            }
            finally
            {
                oneTransfer.Release();
            }
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
}
