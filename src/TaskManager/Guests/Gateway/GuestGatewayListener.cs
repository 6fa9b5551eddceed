using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>Where agents connect to.</summary>
public static class GuestGatewayListener
{
    /// <summary>Listens for agents. A certificate may be absent (enrolment); one that is there must be of our authority, in the handshake already.</summary>
    public static void ListenForGuests(this KestrelServerOptions kestrel, IPAddress address, int port, CertificateAuthority authority) =>
        kestrel.Listen(address, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificateSelector = (_, _) => authority.GatewayCertificate(),
                ClientCertificateMode = ClientCertificateMode.AllowCertificate,
                OnAuthenticate = (_, tls) =>
                {
                    tls.CertificateChainPolicy = authority.ChainPolicy();
                    tls.ServerCertificateContext = authority.GatewayContext();
                },
            });
            listen.Use(next => connection =>
            {
                connection.Features.Set(GuestConnection.Mark);
                return next(connection);
            });
        });

    /// <summary>On connections of this listener: the agents' routes exist nowhere else, should one server listen for others too.</summary>
    internal sealed class GuestConnection
    {
        public static GuestConnection Mark { get; } = new();
    }
}
