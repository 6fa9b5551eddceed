using System.Net;
using System.Net.Sockets;

namespace Dbaas.Testing;

/// <summary>A port of 127.0.0.1 that nobody listens on.</summary>
public static class FreePort
{
    // Below those that Linux takes for outgoing connections, of which one could come between the look and the use.
    private const int First = 10_000;
    private const int Behind = 32_768;

    /// <summary>Finds one, by chance: others look for one at the same time.</summary>
    public static int Find()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(First, Behind));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Somebody has it.
            }
        }
    }
}
