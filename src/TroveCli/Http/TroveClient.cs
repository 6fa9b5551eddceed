using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Web;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Login;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Http;

/// <summary>Trove's API v1.0 of the caller's project. Paths are relative to the project.</summary>
/// <param name="logIn">Says who calls. Asked at the first request, so that --help works without any login.</param>
internal sealed class TroveClient(Func<LoginSettings> logIn) : IDisposable
{
    private HttpClient? http;
    private KeystoneSession? session;

    public void Dispose() => http?.Dispose();

    public Task<JsonNode?> GetAsync(string path, CancellationToken stop) => SendAsync(HttpMethod.Get, path, null, stop);

    public Task<JsonNode?> PostAsync(string path, JsonNode? body, CancellationToken stop) => SendAsync(HttpMethod.Post, path, body, stop);

    public Task<JsonNode?> PutAsync(string path, JsonNode body, CancellationToken stop) => SendAsync(HttpMethod.Put, path, body, stop);

    public Task<JsonNode?> PatchAsync(string path, JsonNode body, CancellationToken stop) => SendAsync(HttpMethod.Patch, path, body, stop);

    public Task DeleteAsync(string path, CancellationToken stop) => SendAsync(HttpMethod.Delete, path, null, stop);

    public async Task<string> ProjectAsync(CancellationToken stop) => (await Session().CurrentAsync(stop)).ProjectId;

    /// <summary>The resource inside the answer, such as <c>instance</c>.</summary>
    public async Task<JsonNode> GetAsync(string path, string key, CancellationToken stop) =>
        (await GetAsync(path, stop))?[key] ?? throw TroveException.Unreadable(key);

    public async Task<JsonNode> PostAsync(string path, JsonNode? body, string key, CancellationToken stop) =>
        (await PostAsync(path, body, stop))?[key] ?? throw TroveException.Unreadable(key);

    /// <summary>A collection: all its pages, or one if the page has a limit.</summary>
    public async Task<JsonArray> ListAsync(string path, string key, Page page, CancellationToken stop)
    {
        var all = new JsonArray();
        while (true)
        {
            var document = await GetAsync(path + page.Query(), stop);
            var items = document?[key] as JsonArray ?? throw TroveException.Unreadable(key);
            foreach (var item in items.ToArray())
            {
                items.Remove(item);
                all.Add(item);
            }

            var next = NextMarker(document);
            if (page.Limit is not null || next is null || next == page.Marker)
            {
                return all;
            }

            page = page with { Marker = next };
        }
    }

    /// <summary>Text that may be long: given on as it comes.</summary>
    public async Task ReadAsync(string path, Func<Stream, Task> read, CancellationToken stop)
    {
        using var response = await AuthorizedAsync(HttpMethod.Get, path, null, stop, HttpCompletionOption.ResponseHeadersRead);
        if (!response.IsSuccessStatusCode)
        {
            throw await ApiException.ReadAsync(response, stop);
        }

        try
        {
            await using var text = await response.Content.ReadAsStreamAsync(stop);
            await read(text);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new TroveException($"The text of {path} was cut off: {e.Message}");
        }
    }

    private static string? NextMarker(JsonNode? document)
    {
        var href = document.Items("links").FirstOrDefault(link => link.Text("rel") == "next").Text("href");
        var question = href?.IndexOf('?', StringComparison.Ordinal) ?? -1;
        return question < 0 ? null : HttpUtility.ParseQueryString(href![question..])["marker"];
    }

    private async Task<JsonNode?> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken stop)
    {
        var payload = body is null ? null : JsonText.Wire(body);
        using var response = await AuthorizedAsync(method, path, payload, stop);
        return response.IsSuccessStatusCode
            ? await Wire.ReadAsync(response, path, stop)
            : throw await ApiException.ReadAsync(response, stop);
    }

    private async Task<HttpResponseMessage> AuthorizedAsync(
        HttpMethod method,
        string path,
        byte[]? payload,
        CancellationToken stop,
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        for (var attempt = 1; ; attempt++)
        {
            var grant = await Session().CurrentAsync(stop);
            using var request = new HttpRequestMessage(method, Address(grant, path));
            request.Headers.Add("X-Auth-Token", grant.Token);
            if (payload is not null)
            {
                request.Content = new ByteArrayContent(payload);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            }

            var response = await Wire.SendAsync(http!, request, stop, completion);
            if (response.StatusCode != HttpStatusCode.Unauthorized || attempt > 1)
            {
                return response;
            }

            // The token may have expired during a long wait.
            response.Dispose();
            Session().Forget();
        }
    }

    /// <summary>Without canonicalization: %2F and %2E%2E in a name stay what they are.</summary>
    private static Uri Address(Grant grant, string path) => new(
        $"{grant.Endpoint}/{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    private KeystoneSession Session()
    {
        if (session is null)
        {
            var login = logIn();
            http = Wire.Client(login);
            session = new KeystoneSession(http, login);
        }

        return session;
    }
}
