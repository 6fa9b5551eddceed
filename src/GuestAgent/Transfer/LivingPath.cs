using System.Net.Sockets;

namespace Dbaas.GuestAgent.Transfer;

/// <summary>
/// A transfer may be silent for hours: the tool that writes it waits for somebody's long statement, the one that reads it for its disk. A
/// path that is dead tells nobody, so the kernels ask each other; who does not answer for two minutes is gone.
/// </summary>
internal static class LivingPath
{
    private const int TcpLevel = 6;
    private const int UserTimeout = 18;
    private const int FirstAfter = 30;
    private const int Every = 10;
    private const int Times = 9;

    public static void Watch(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, FirstAfter);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, Every);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Times);
        socket.SetRawSocketOption(TcpLevel, UserTimeout, BitConverter.GetBytes((FirstAfter + (Every * Times)) * 1000));
    }
}
