using System.Collections.Concurrent;
using System.Text.Json;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Session;

/// <summary>
/// Which microversions a service speaks. Every request is written for one version and asks for that; here it is said in a sentence when the cloud
/// is too old for it. What a service told is kept for the life of the session: an upgrade only raises it.
/// </summary>
internal sealed class Microversions(CloudTransport transport)
{
    private readonly ConcurrentDictionary<string, Version> _newest = new();

    /// <exception cref="CloudException">The service does not speak it.</exception>
    public async Task RequireAsync(CloudService service, Uri endpoint, CloudToken token, string version, CancellationToken cancellationToken)
    {
        if (!_newest.TryGetValue(service.Name, out var newest))
        {
            newest = await AskAsync(service, endpoint, token, cancellationToken);
            _newest[service.Name] = newest;
        }

        if (newest < Version.Parse(version))
        {
            throw new CloudException(
                $"The cloud's {service.Name} service is too old: it speaks microversion {newest}, and {version} is needed.", isTransient: false);
        }
    }

    private async Task<Version> AskAsync(CloudService service, Uri endpoint, CloudToken token, CancellationToken cancellationToken)
    {
        // Cinder's endpoint goes on with the project; the versions are told in front of it.
        var text = endpoint.AbsoluteUri;
        var root = new Uri(text.EndsWith($"/{token.ProjectId}/", StringComparison.Ordinal) ? text[..^(token.ProjectId.Length + 1)] : text);
        var request = new CloudRequest(service, HttpMethod.Get, "", "say its version");
        var reply = await transport.SendAsync(request, () => CloudSession.Message(request, root, token), cancellationToken);
        var document = reply.Read(SessionJson.Default.JsonElement);
        var versions = document.TryGetProperty("version", out var one) ? [one] : document.GetProperty("versions").EnumerateArray().ToArray();
        return versions.Select(Newest).Max() ?? new Version(0, 0);
    }

    private static Version? Newest(JsonElement version) =>
        version.TryGetProperty("version", out var newest) && Version.TryParse(newest.GetString(), out var parsed) ? parsed : null;
}
