using System.Net;
using System.Net.Sockets;

namespace Dbaas.Testing;

/// <summary>A port of 127.0.0.1 that nobody listens on.</summary>
public static class FreePort
{
    /// <summary>Finds one. Somebody else may be quicker to take it.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
