using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Keystone;

/// <summary>Keystone, version 3: logins.</summary>
internal sealed class KeystoneClient(CloudTransport transport, OpenStackOptions options)
{
    private static readonly CloudRequest Request = new(CloudService.Identity, HttpMethod.Post, "auth/tokens", "log in");

    public async Task<CloudToken> LogInAsync(CancellationToken cancellationToken)
    {
        var body = Login().ToJsonString();
        var address = new Uri(options.AuthUrl.AbsoluteUri.TrimEnd('/') + "/auth/tokens");
        var reply = await transport.SendAsync(
            Request,
            () => new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body, Encoding.UTF8, "application/json") },
            cancellationToken);
        if (reply.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            // Transient: an operator can put it right, and operations go on then.
            throw new CloudException(
                "The cloud does not accept this service's credentials.", isTransient: true, details: $"identity: {(int)reply.Status}, request {reply.RequestId}");
        }

        var token = reply.Read(KeystoneJson.Default.LoginDocument).Token;
        return reply.Header("X-Subject-Token") is { } value && token.Project is { } project
            ? new CloudToken(value, token.ExpiresAt, project.Id, new ServiceCatalogue(token.Catalog ?? [], options))
            : throw new CloudException("The cloud's credentials of this service belong to no project.", isTransient: false);
    }

    private JsonObject Login()
    {
        if (options.ApplicationCredentialId is { } id)
        {
            return Auth("application_credential", new JsonObject { ["id"] = id, ["secret"] = options.ApplicationCredentialSecret }, scope: null);
        }

        var user = new JsonObject { ["name"] = options.UserName, ["domain"] = Named(options.UserDomain), ["password"] = options.Password };
        var project = new JsonObject { ["name"] = options.ProjectName, ["domain"] = Named(options.ProjectDomain) };
        return Auth("password", new JsonObject { ["user"] = user }, new JsonObject { ["project"] = project });
    }

    private static JsonObject Auth(string method, JsonObject how, JsonObject? scope)
    {
        var auth = new JsonObject { ["identity"] = new JsonObject { ["methods"] = new JsonArray(method), [method] = how } };
        if (scope is not null)
        {
            auth["scope"] = scope;
        }

        return new JsonObject { ["auth"] = auth };
    }

    private static JsonObject Named(string name) => new() { ["name"] = name };
}
