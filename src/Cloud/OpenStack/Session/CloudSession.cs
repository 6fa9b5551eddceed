using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Dbaas.Keystone;

namespace Dbaas.Cloud.OpenStack.Session;

/// <summary>The session with a cloud: who we are, where its services are, and how they are spoken to.</summary>
internal sealed class CloudSession : IDisposable
{
    private readonly CloudTransport _transport;
    private readonly TokenSource<CloudToken> _tokens;
    private readonly Microversions _versions;

    public CloudSession(HttpClient http, CloudOptions options, TimeProvider time)
    {
        _transport = new CloudTransport(http, options.CallTimeout, time);
        _tokens = new TokenSource<CloudToken>(new CloudLogin(_transport, options).LogInAsync, time);
        _versions = new Microversions(_transport);
    }

    /// <summary>Sends the request with a token; with a fresh one when that is refused.</summary>
    public async Task<CloudReply> SendAsync(CloudRequest request, CancellationToken cancellationToken)
    {
        var token = await _tokens.GetAsync(cancellationToken);
        var reply = await SendAsync(request, token, cancellationToken);
        if (reply.Status != HttpStatusCode.Unauthorized)
        {
            return reply;
        }

        // Nothing was done under the old one: it was refused at the door.
        _tokens.Discard(token);
        return await SendAsync(request, await _tokens.GetAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Where a service is; ends with a slash.</summary>
    public async Task<Uri> EndpointOfAsync(CloudService service, CancellationToken cancellationToken) =>
        (await _tokens.GetAsync(cancellationToken)).Catalogue.EndpointOf(service);

    public void Dispose() => _tokens.Dispose();

    private async Task<CloudReply> SendAsync(CloudRequest request, CloudToken token, CancellationToken cancellationToken)
    {
        var endpoint = token.Catalogue.EndpointOf(request.Service);
        if (request.Version is { } version
            && await _versions.RequireAsync(request, endpoint, token, version, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        return await _transport.SendAsync(request, () => Message(request, endpoint, token), cancellationToken);
    }

    public static HttpRequestMessage Message(CloudRequest request, Uri endpoint, CloudToken token)
    {
        var message = new HttpRequestMessage(request.Method, new Uri(endpoint, request.Path));
        message.Headers.Add("X-Auth-Token", token.Value);
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (request.Version is { } version)
        {
            message.Headers.Add("OpenStack-API-Version", $"{request.Service.VersionName} {version}");
        }

        foreach (var (name, value) in request.Headers)
        {
            message.Headers.Add(name, value);
        }

        if (request.Content is { } content)
        {
            message.Content = new ReadOnlyMemoryContent(content);
        }
        else if (request.Body is { } body)
        {
            message.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        return message;
    }
}
