using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dbaas.Testing.Services;

/// <summary>A plain client of the API for tests: requests and documents as they are.</summary>
public sealed class TroveClient : IDisposable
{
    private readonly HttpClient http;

    private TroveClient(HttpClient http) => this.http = http;

    /// <summary>The project that it is logged in to.</summary>
    public string ProjectId => http.BaseAddress!.Segments[^1].TrimEnd('/');

    /// <summary>What it shows with each request.</summary>
    public string Token => http.DefaultRequestHeaders.GetValues("X-Auth-Token").Single();

    /// <summary>Logs in with a password and finds the API in the catalogue.</summary>
    public static async Task<TroveClient> LogInAsync(string identityUrl, string user, string password, string project)
    {
        using var identity = new HttpClient();
        using var login = JsonContent.Create(new
        {
            auth = new
            {
                identity = new
                {
                    methods = new[] { "password" },
                    password = new { user = new { name = user, domain = new { name = "Default" }, password } },
                },
                scope = new { project = new { name = project, domain = new { name = "Default" } } },
            },
        });
        // With its length: what Keystone runs in reads no body in chunks.
        await login.LoadIntoBufferAsync();
        using var answer = await identity.PostAsync($"{identityUrl}/auth/tokens", login);
        answer.EnsureSuccessStatusCode();
        var token = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["token"]!;
        var endpoint = token["catalog"]!.AsArray().Single(one => (string?)one!["type"] == "database")!["endpoints"]!.AsArray()
            .First(one => (string?)one!["interface"] == "public")!["url"]!.GetValue<string>();
        var http = new HttpClient { BaseAddress = new Uri(endpoint.TrimEnd('/') + "/"), Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Add("X-Auth-Token", answer.Headers.GetValues("X-Subject-Token").Single());
        return new TroveClient(http);
    }

    /// <summary>A header of every request from now on.</summary>
    public void Always(string header, string value) => http.DefaultRequestHeaders.Add(header, value);

    /// <summary>Sends a request.</summary>
    public async Task<(int Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>Sends a request that must be answered with success.</summary>
    public async Task<JsonNode?> DoAsync(HttpMethod method, string path, object? body = null)
    {
        var (status, answer) = await SendAsync(method, path, body);
        return status < 300 ? answer : throw new InvalidOperationException($"{method} {path}: {status} {answer?.ToJsonString()}");
    }

    /// <summary>What an address that has no document answers.</summary>
    public async Task<string> TextAsync(string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Asks for an instance.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> CreateAsync(object instance) =>
        (await DoAsync(HttpMethod.Post, "instances", new { instance }))!["instance"]!["id"]!.GetValue<string>();

    /// <summary>A small instance with the database <c>shop</c> and its user <c>app</c>, whose password is <c>secret</c>; when it is ACTIVE.
    /// </summary>
    /// <returns>Its id and its address.</returns>
    public async Task<(string Id, string Host)> CreateShopAsync(string name, TimeSpan within)
    {
        var id = await CreateAsync(new
        {
            name,
            flavorRef = "7",
            volume = new { size = 1 },
            databases = new[] { new { name = "shop" } },
            users = new[] { new { name = "app", password = "secret", databases = new[] { new { name = "shop" } } } },
        });
        return (id, await AwaitAddressAsync(id, within));
    }

    /// <summary>Waits until an instance is ACTIVE.</summary>
    /// <returns>Its address.</returns>
    public async Task<string> AwaitAddressAsync(string id, TimeSpan within) =>
        (await AwaitStatusAsync(id, "ACTIVE", within))["ip"]![0]!.GetValue<string>();

    /// <summary>Shows an instance.</summary>
    public async Task<JsonNode> ShowAsync(string id) => (await DoAsync(HttpMethod.Get, $"instances/{id}"))!["instance"]!;

    /// <summary>Asks for a backup.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> BackUpAsync(object backup) =>
        (await DoAsync(HttpMethod.Post, "backups", new { backup }))!["backup"]!["id"]!.GetValue<string>();

    /// <summary>Waits until a backup is complete. One that failed ends the wait.</summary>
    public async Task AwaitCompletedAsync(string backup, TimeSpan within)
    {
        var seen = await Eventually.SeeAsync(
            $"backup {backup} is over",
            within,
            async () => (await DoAsync(HttpMethod.Get, $"backups/{backup}"))!["backup"]!,
            one => one["status"]!.GetValue<string>() is "COMPLETED" or "FAILED");
        if (seen["status"]!.GetValue<string>() == "FAILED")
        {
            throw new InvalidOperationException($"The backup failed: {seen.ToJsonString()}");
        }
    }

    /// <summary>Waits until there is no such backup any more.</summary>
    public Task AwaitBackupGoneAsync(string backup, TimeSpan within) => Eventually.SeeAsync(
        $"backup {backup} is gone", within, () => SendAsync(HttpMethod.Get, $"backups/{backup}"), answer => answer.Status == 404);

    /// <summary>Waits for a status; ERROR ends the wait unless it is what is waited for.</summary>
    public async Task<JsonNode> AwaitStatusAsync(string id, string status, TimeSpan within)
    {
        var seen = await Eventually.SeeAsync(
            $"instance {id} becomes {status}", within, () => ShowAsync(id),
            instance => IsSettled(instance, status) || (status != "ERROR" && (string?)instance["status"] == "ERROR"));
        return (string?)seen["status"] == status
            ? seen
            : throw new InvalidOperationException(
                $"Expected {status}, saw: {seen.ToJsonString(new JsonSerializerOptions { WriteIndented = true })}");
    }

    /// <summary>Waits until an instance is gone.</summary>
    public Task AwaitGoneAsync(string id, TimeSpan within) => Eventually.SeeAsync(
        $"instance {id} is gone", within, () => SendAsync(HttpMethod.Get, $"instances/{id}"), answer => answer.Status == 404);

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    // No operation is at work any more, and the database itself is well.
    private static bool IsSettled(JsonNode instance, string status) =>
        (string?)instance["status"] == status && instance["operation"] is null
        && (status != "ACTIVE" || (string?)instance["operating_status"] == "HEALTHY");
}
