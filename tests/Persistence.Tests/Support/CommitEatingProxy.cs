using System.Net;
using System.Net.Sockets;

namespace Dbaas.Persistence.Tests.Support;

/// <summary>
/// A network between client and server that can break right after the server has committed, and before the client hears of it.
/// </summary>
internal sealed class CommitEatingProxy : IAsyncDisposable
{
    // At the end of what was sent: "READ COMMITTED" goes over the wire as well.
    private static ReadOnlySpan<byte> CommitQuery => "COMMIT"u8;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly int serverPort;
    private readonly Task accepting;
    private int armed;

    public CommitEatingProxy(int serverPort)
    {
        this.serverPort = serverPort;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>How often it broke.</summary>
    public int Eaten { get; private set; }

    /// <summary>The next commit's answer is lost, and its connection with it.</summary>
    public void EatNext() => Interlocked.Exchange(ref armed, 1);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await accepting;
        end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var pairs = new List<Task>();
        try
        {
            while (true)
            {
                pairs.Add(ServeAsync(await listener.AcceptTcpClientAsync(end.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
        }

        await Task.WhenAll(pairs);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, serverPort, end.Token);
                var commits = false;
                await await Task.WhenAny(
                    PumpAsync(client, server, bytes =>
                    {
                        commits = bytes.EndsWith(CommitQuery) && Interlocked.Exchange(ref armed, 0) == 1;
                        return true;
                    }),
                    PumpAsync(server, client, _ => !commits));
                if (commits)
                {
                    Eaten++;
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
            }
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, Func<ReadOnlySpan<byte>, bool> passes)
    {
        var buffer = new byte[65536];
        int length;
        while ((length = await from.GetStream().ReadAsync(buffer, end.Token)) > 0 && passes(buffer.AsSpan(0, length)))
        {
            await to.GetStream().WriteAsync(buffer.AsMemory(0, length), end.Token);
        }
    }
}
