using System.Net;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Session;

/// <summary>Keystone, version 3: logins.</summary>
internal sealed class CloudLogin(CloudTransport transport, CloudOptions options)
{
    private static readonly CloudRequest Request = new(CloudService.Identity, HttpMethod.Post, "auth/tokens", "log in");

    public async Task<CloudToken> LogInAsync(CancellationToken cancellationToken)
    {
        var reply = await transport.SendAsync(Request, options.Account.LoginRequest, cancellationToken);
        if (reply.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            // Transient: an operator can put it right, and operations go on then.
            throw new CloudException(
                "The cloud does not accept this service's credentials.",
                isTransient: true,
                details: $"identity: {(int)reply.Status}, request {reply.RequestId}");
        }

        var token = reply.Read(KeystoneJson.Default.LoginDocument).Token;
        return reply.Header("X-Subject-Token") is { } value && token.Project is { } project
            ? new CloudToken(value, token.ExpiresAt, project.Id, new ServiceCatalogue(token.Catalog ?? [], options))
            : throw new CloudException("The cloud's credentials of this service belong to no project.", isTransient: false);
    }
}
