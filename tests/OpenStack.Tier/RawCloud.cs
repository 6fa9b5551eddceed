using System.Text.Json.Nodes;
using Dbaas.Cloud.OpenStack;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Keystone;

namespace Dbaas.OpenStack.Tier;

/// <summary>The services' own requests and answers, for what the plane's ports do not show.</summary>
internal sealed class RawCloud : IDisposable
{
    private readonly HttpClient _http;
    private readonly CloudSession _session;

    public RawCloud(OpenStackOptions options)
    {
        _http = CloudHttp.Create(options.Account.CaFile);
        _session = new CloudSession(_http, options, TimeProvider.System);
    }

    public async Task<JsonNode> GetAsync(CloudService service, string path, string? version = null) =>
        await SendAsync(service, HttpMethod.Get, path, null, version);

    public async Task<JsonNode> SendAsync(
        CloudService service, HttpMethod method, string path, JsonObject? body = null, string? version = null)
    {
        var reply = await _session.SendAsync(
            new CloudRequest(service, method, path, $"{method} {path}") { Body = body, Version = version }, Lab.Cancellation);
        return reply.Required().Read(SessionJson.Default.JsonElement) is var element
            && element.ValueKind == System.Text.Json.JsonValueKind.Object
            ? JsonObject.Create(element)!
            : new JsonObject();
    }

    /// <summary>For calls that answer nothing.</summary>
    public async Task DoAsync(CloudService service, HttpMethod method, string path, JsonObject? body = null, string? version = null) =>
        (await _session.SendAsync(
            new CloudRequest(service, method, path, $"{method} {path}") { Body = body, Version = version }, Lab.Cancellation)).Required();

    public async Task<string> NetworkAsync(string name) =>
        (await GetAsync(CloudService.Network, "v2.0/networks?name=" + name))["networks"]!.AsArray().Single()!["id"]!.GetValue<string>();

    public void Dispose()
    {
        _session.Dispose();
        _http.Dispose();
    }
}
