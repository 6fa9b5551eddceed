using System.Net;
using System.Net.Security;
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
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(Handshake(authority)) });
            listen.Use(next => connection =>
            {
                connection.Features.Set(GuestConnection.Mark);
                return next(connection);
            });
        });

    private static SslServerAuthenticationOptions Handshake(CertificateAuthority authority) => new()
    {
        ServerCertificateContext = authority.GatewayCertificate(),
        ClientCertificateRequired = true,
        CertificateChainPolicy = authority.ChainPolicy(),
        RemoteCertificateValidationCallback = (_, certificate, _, errors) => certificate is null || errors == SslPolicyErrors.None,
    };

    /// <summary>On connections of this listener: the agents' routes exist nowhere else, should one server listen for others too.</summary>
    internal sealed class GuestConnection
    {
        public static GuestConnection Mark { get; } = new();
    }
}
