using System.Net;
using System.Net.Sockets;

namespace Dbaas.GuestAgent.Tests.Fakes;

/// <summary>
/// A way to a gateway that can lose the connections on it, as a router does that forgets them: they stay open, and nothing comes through
/// any more. New ones are well.
/// </summary>
internal sealed class LosingPath : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource over = new();
    private readonly int gateway;
    private readonly Task accepting;
    private CancellationTokenSource lost = new();

    public LosingPath(Uri gateway)
    {
        this.gateway = gateway.Port;
        listener.Start();
        Url = new UriBuilder(gateway) { Port = ((IPEndPoint)listener.LocalEndpoint).Port }.Uri;
        accepting = AcceptAsync();
    }

    public Uri Url { get; }

    /// <summary>All connections that there are.</summary>
    public void LoseAll() => Interlocked.Exchange(ref lost, new CancellationTokenSource()).Cancel();

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        listener.Stop();
        await accepting;
        over.Dispose();
        lost.Dispose();
    }

    private async Task AcceptAsync()
    {
        var relays = new List<Task>();
        while (!over.IsCancellationRequested)
        {
            try
            {
                relays.Add(RelayAsync(await listener.AcceptTcpClientAsync(over.Token), lost.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                break;
            }
        }

        await Task.WhenAll(relays);
    }

    private async Task RelayAsync(TcpClient agent, CancellationToken isLost)
    {
        using var _ = agent;
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, gateway, over.Token);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, isLost);
            await Task.WhenAny(
                agent.GetStream().CopyToAsync(server.GetStream(), either.Token),
                server.GetStream().CopyToAsync(agent.GetStream(), either.Token));
            await Task.Delay(isLost.IsCancellationRequested ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, over.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            // One of the two has hung up, or the test is over.
        }
    }
}
