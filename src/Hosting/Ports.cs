using System.Net;
using System.Net.Sockets;
using Dbaas.Hosting.Configuration;

namespace Dbaas.Hosting;

/// <summary>The ports for clients.</summary>
public static class Ports
{
    /// <summary>
    /// Looks before anything is begun: a web server that finds its port taken says so behind the traces of all that it stops.
    /// </summary>
    /// <exception cref="InvalidDataException">One cannot be had.</exception>
    public static void Check(ServiceSettings settings)
    {
        var address = IPAddress.Parse(settings.ListenAddress);
        Check(address, settings.ApiPort, "--api-port or ApiPort");
        if (settings.Identity == IdentityKind.BuiltIn)
        {
            Check(address, settings.IdentityPort, "--identity-port or IdentityPort");
        }
    }

    private static void Check(IPAddress address, int port, string option)
    {
        using var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new InvalidDataException($"The port {port} on {address} is used by another program; choose another with {option}.");
        }
        catch (SocketException e)
        {
            throw new InvalidDataException($"The port {port} on {address} cannot be listened on: {e.Message}.");
        }
    }
}
