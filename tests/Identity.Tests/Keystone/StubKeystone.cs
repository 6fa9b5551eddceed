using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Identity.Tests.Keystone;

/// <summary>What a Keystone says to logins and to questions about tokens, and how it fails.</summary>
internal sealed class StubKeystone : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _logins = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _own = new();
    private int _questions;

    private StubKeystone(TimeProvider time, X509Certificate2? certificate)
    {
        _time = time;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    public Uri AuthUrl => new(
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/identity/v3");

    /// <summary>The answer to a question about a token, as JSON; tokens that are not here are nobody's.</summary>
    public ConcurrentDictionary<string, JsonObject> Known { get; } = new();

    /// <summary>The bodies of logins so far.</summary>
    public IReadOnlyList<string> Logins => [.. _logins];

    /// <summary>Questions about tokens so far, those that fail too.</summary>
    public int Questions => Volatile.Read(ref _questions);

    public TimeSpan OwnLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>True: it answered, and nothing follows.</summary>
    public Func<HttpContext, Task<bool>> Fault { get; set; } = _ => Task.FromResult(false);

    public static async Task<StubKeystone> StartAsync(TimeProvider time, X509Certificate2? certificate = null)
    {
        var stub = new StubKeystone(time, certificate);
        await stub._app.StartAsync();
        return stub;
    }

    /// <summary>Makes a token known.</summary>
    public void Know(string token, TimeSpan? lifetime = null, string? project = "p1", params string[] roles)
    {
        var said = new JsonObject
        {
            ["methods"] = new JsonArray("password"),
            ["user"] = new JsonObject
            {
                ["id"] = "u1", ["name"] = "alice", ["domain"] = new JsonObject { ["id"] = "default", ["name"] = "Default" },
            },
            ["expires_at"] = Text(_time.GetUtcNow() + (lifetime ?? TimeSpan.FromHours(1))),
        };
        if (project is not null)
        {
            said["project"] = new JsonObject
            {
                ["id"] = project, ["name"] = "shop", ["domain"] = new JsonObject { ["id"] = "default", ["name"] = "Default" },
            };
            said["roles"] = new JsonArray([.. roles.Select(role => (JsonNode)new JsonObject { ["id"] = "r-" + role, ["name"] = role })]);
        }

        Known[token] = new JsonObject { ["token"] = said };
    }

    /// <summary>The service's own tokens are good no more.</summary>
    public void ForgetOwn() => _own.Clear();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var isLogin = context.Request.Method == "POST";
        if (isLogin)
        {
            using var reader = new StreamReader(context.Request.Body);
            _logins.Enqueue(await reader.ReadToEndAsync());
        }
        else
        {
            Interlocked.Increment(ref _questions);
        }

        if (await Fault(context))
        {
            return;
        }

        await (context.Request.Path != "/identity/v3/auth/tokens" ? RefuseAsync(context, 404)
            : !isLogin ? TellAsync(context)
            // As the real one, which reads no body in chunks.
            : context.Request.ContentLength is null ? RefuseAsync(context, 400)
            : LogInAsync(context));
    }

    private async Task LogInAsync(HttpContext context)
    {
        var (token, ends) = ($"own-{_logins.Count}", _time.GetUtcNow() + OwnLifetime);
        _own[token] = ends;
        context.Response.StatusCode = 201;
        context.Response.Headers["X-Subject-Token"] = token;
        await context.Response.WriteAsync($$$"""{"token": {"user": {"id": "s", "name": "dbaas"}, "expires_at": "{{{Text(ends)}}}"}}""");
    }

    private Task TellAsync(HttpContext context)
    {
        if (!_own.TryGetValue(context.Request.Headers["X-Auth-Token"].ToString(), out var ends) || ends <= _time.GetUtcNow())
        {
            return RefuseAsync(context, 401);
        }

        return Known.TryGetValue(context.Request.Headers["X-Subject-Token"].ToString(), out var said)
            ? context.Response.WriteAsync(said.ToJsonString())
            : RefuseAsync(context, 404);
    }

    private static Task RefuseAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync($$$"""{"error": {"code": {{{status}}}, "message": "Could not find token.", "title": "x"}}""");
    }

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
}
