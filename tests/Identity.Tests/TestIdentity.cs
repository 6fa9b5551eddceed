using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dbaas.Identity.BuiltIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dbaas.Identity.Tests;

/// <summary>The built-in identity on a free port, with a clock that is moved by hand.</summary>
public sealed class TestIdentity : IAsyncDisposable
{
    private readonly WebApplication app;

    private TestIdentity(WebApplication app)
    {
        this.app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Client { get; }

    public Clock Time => (Clock)app.Services.GetRequiredService<TimeProvider>();

    public ITokenValidator Validator => app.Services.GetRequiredService<ITokenValidator>();

    public static async Task<TestIdentity> StartAsync(
        byte[]? key = null, string password = "s3cret", string? revocations = null, string aliceIn = "p1")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(new Clock());
        builder.Services.AddBuiltInIdentity(new BuiltInIdentityOptions
        {
            TokenKey = key ?? new byte[32],
            RevocationsPath = revocations,
            DatabaseEndpoint = "http://127.0.0.1:8779/v1.0/%(project)s",
            IdentityEndpoint = "http://127.0.0.1:5000/v3",
            Projects = [new("p1", "demo"), new("p2", "other")],
            Users =
            [
                new("u1", "alice", password, new Dictionary<string, IReadOnlyList<string>> { [aliceIn] = ["member"], ["p2"] = ["reader"] }),
                new("u2", "root", "t0p", new Dictionary<string, IReadOnlyList<string>> { ["p1"] = ["admin"] }),
            ],
        });
        var app = builder.Build();
        app.MapBuiltInIdentity();
        await app.StartAsync();
        return new TestIdentity(app);
    }

    public async Task<(int Status, JsonNode? Body, string? Token)> LogInAsync(string user, string password, string scope = """{"project": {"id": "p1"}}""") =>
        await PostAsync(
            $$$$"""
            {"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "{{{{user}}}}", "domain": {"id": "default"}, "password": "{{{{password}}}}"}}}, "scope": {{{{scope}}}}}}
            """);

    public async Task<(int Status, JsonNode? Body, string? Token)> PostAsync(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await Client.PostAsync(new Uri("/v3/auth/tokens", UriKind.Relative), content);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonNode>(), Header(response));
    }

    public async Task<(int Status, JsonNode? Body)> SendAsync(string method, string path, string? token, string? subject = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        Add(request, "X-Auth-Token", token);
        Add(request, "X-Subject-Token", subject);
        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }

    private static void Add(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null)
        {
            request.Headers.Add(name, value);
        }
    }

    private static string? Header(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-Subject-Token", out var values) ? values.Single() : null;

    public sealed class Clock : TimeProvider
    {
        private TimeSpan setBack;

        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now - setBack;

        public override long GetTimestamp() => Now.Ticks;

        /// <summary>What the wall shows; no time passes.</summary>
        public void SetBack(TimeSpan by) => setBack += by;
    }
}
