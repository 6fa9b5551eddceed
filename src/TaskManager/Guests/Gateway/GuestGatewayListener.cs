using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>Where agents connect to.</summary>
public static class GuestGatewayListener
{
    /// <summary>
    /// Listens for agents. A certificate may be absent (enrolment); one that is there must be of our authority, in the handshake already.
    /// Whether it is in time is for the call to say: it depends on the route.
    /// </summary>
    public static void ListenForGuests(this KestrelServerOptions kestrel, IPAddress address, int port, CertificateAuthority authority) =>
        kestrel.Listen(address, port, listen =>
        {
            // One connection carries an agent's long poll and its reports beside each other. Agents of before have two.
            listen.Protocols = HttpProtocols.Http1AndHttp2;
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
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        ClientCertificateRequired = true,
        CertificateChainPolicy = authority.ChainPolicy(),
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) => certificate is null
            || errors == SslPolicyErrors.None
            || (errors == SslPolicyErrors.RemoteCertificateChainErrors && IsOnlyOutOfTime(chain!)),
    };

    private static bool IsOnlyOutOfTime(X509Chain chain) =>
        chain.ChainStatus.All(one => one.Status == X509ChainStatusFlags.NotTimeValid)
        && chain.ChainElements.Skip(1).All(issuer => issuer.ChainElementStatus.Length == 0);

    /// <summary>On connections of this listener: the agents' routes exist nowhere else, should one server listen for others too.</summary>
    internal sealed class GuestConnection
    {
        public static GuestConnection Mark { get; } = new();
    }
}
