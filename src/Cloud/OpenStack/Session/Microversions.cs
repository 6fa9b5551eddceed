using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Session;

/// <summary>
/// Which microversions a service speaks. Every request is written for one version and asks for that; here it is said in a sentence when the
/// cloud is too old for it. What a service told is kept for the life of the session: an upgrade only raises it.
/// </summary>
internal sealed class Microversions(CloudTransport transport)
{
    private readonly ConcurrentDictionary<string, Version> _newest = new();

    /// <returns>The answer of a service that refuses the token; null: it speaks this version.</returns>
    /// <exception cref="CloudException">It does not.</exception>
    public async Task<CloudReply?> RequireAsync(
        CloudRequest request, Uri endpoint, CloudToken token, string version, CancellationToken cancellationToken)
    {
        var service = request.Service;
        if (!_newest.TryGetValue(service.Name, out var newest))
        {
            var reply = await AskAsync(request, endpoint, token, cancellationToken);
            if (reply.Status == HttpStatusCode.Unauthorized)
            {
                return reply;
            }

            if (!reply.IsSuccess)
            {
                // Whatever it is, it is no answer to the caller's question.
                throw reply.NotNow();
            }

            newest = NewestIn(reply.Read(SessionJson.Default.JsonElement));
            _newest[service.Name] = newest;
        }

        if (newest < Version.Parse(version))
        {
            throw new CloudException(
                $"The cloud's {service.Name} service is too old: it speaks microversion {newest}, and {version} is needed.",
                isTransient: false);
        }

        return null;
    }

    private Task<CloudReply> AskAsync(CloudRequest request, Uri endpoint, CloudToken token, CancellationToken cancellationToken)
    {
        // Cinder's endpoint goes on with the project; the versions are told in front of it.
        var text = endpoint.AbsoluteUri;
        var root = new Uri(text.EndsWith($"/{token.ProjectId}/", StringComparison.Ordinal) ? text[..^(token.ProjectId.Length + 1)] : text);
        var ask = new CloudRequest(request.Service, HttpMethod.Get, "", request.Purpose);
        return transport.SendAsync(ask, () => CloudSession.Message(ask, root, token), cancellationToken);
    }

    private static Version NewestIn(JsonElement document)
    {
        var versions = document.TryGetProperty("version", out var one)
            ? [one]
            : document.GetProperty("versions").EnumerateArray().ToArray();
        return versions.Select(Newest).Max() ?? new Version(0, 0);
    }

    private static Version? Newest(JsonElement version) =>
        version.TryGetProperty("version", out var newest) && Version.TryParse(newest.GetString(), out var parsed) ? parsed : null;
}
