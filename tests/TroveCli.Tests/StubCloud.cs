using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Dbaas.TroveCli.Tests;

/// <summary>Identity and database API that answer with recorded documents and remember what they were asked.</summary>
public sealed class StubCloud : IAsyncLifetime
{
    public const string Password = "p:ä\"ss";

    /// <summary>A token that was had elsewhere.</summary>
    public const string OwnToken = "had-elsewhere";

    private readonly WebApplication application;
    private readonly Dictionary<string, Queue<Answer>> answers = [];
    private readonly List<Request> requests = [];
    private readonly Lock gate = new();
    private int logins;

    public StubCloud()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        application = builder.Build();
        application.Run(ServeAsync);
    }

    public sealed record Request(string Line, JsonNode? Body);

    public sealed record Answer(int Status, string Body);

    /// <summary>Calls of the database API, such as <c>GET /instances?limit=2</c>, with the path as it came.</summary>
    public IReadOnlyList<Request> Requests
    {
        get
        {
            lock (gate)
            {
                return [.. requests];
            }
        }
    }

    public int Logins => logins;

    /// <summary>The body of the last login; null: none, or a token was looked at.</summary>
    public JsonNode? Login { get; private set; }

    public bool TokensExpire { get; set; }

    public string Url => application.Urls.First();

    public async ValueTask InitializeAsync() => await application.StartAsync();

    public async ValueTask DisposeAsync() => await application.DisposeAsync();

    /// <summary>Answers a call; several times: one after the other, the last one from then on.</summary>
    public StubCloud Answers(string line, string body, int status = 200)
    {
        if (!answers.TryGetValue(line, out var queue))
        {
            answers[line] = queue = new Queue<Answer>();
        }

        queue.Enqueue(new Answer(status, body));
        return this;
    }

    public JsonNode Sent(string line) =>
        Requests.LastOrDefault(request => request.Line == line)?.Body
        ?? throw new InvalidOperationException(
            $"No {line} with a body; seen: {string.Join(", ", Requests.Select(request => request.Line))}");

    public string? Environment(string name) => name switch
    {
        "OS_AUTH_URL" => Url,
        "OS_USERNAME" => "demo",
        "OS_PASSWORD" => Password,
        "OS_PROJECT_NAME" => "demo",
        "OS_REGION_NAME" => "RegionOne",
        "OS_USER_DOMAIN_NAME" or "OS_PROJECT_DOMAIN_NAME" => "Default",
        _ => null,
    };

    private async Task ServeAsync(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        using var reader = new StreamReader(http.Request.Body);
        var text = await reader.ReadToEndAsync(http.RequestAborted);
        var body = text.Length == 0 ? null : JsonNode.Parse(text);
        if (target == "/v3/auth/tokens")
        {
            await LogInAsync(http, body);
            return;
        }

        var token = (string?)http.Request.Headers["X-Auth-Token"];
        if ((token != $"token-{logins}" && token != OwnToken) || (TokensExpire && logins == 1))
        {
            await WriteAsync(http, new Answer(401, """{"unauthorized": {"code": 401, "message": "expired"}}"""));
            return;
        }

        await WriteAsync(http, Next($"{http.Request.Method} {target.Replace("/v1.0/project", "", StringComparison.Ordinal)}", body));
    }

    private Answer Next(string line, JsonNode? body)
    {
        lock (gate)
        {
            requests.Add(new Request(line, body));
            return answers.TryGetValue(line, out var queue)
                ? queue.Count > 1 ? queue.Dequeue() : queue.Peek()
                : new Answer(404, """{"itemNotFound": {"code": 404, "message": "Nothing is recorded for this path."}}""");
        }
    }

    private async Task LogInAsync(HttpContext http, JsonNode? body)
    {
        if (body is not null && http.Request.ContentLength is null)
        {
            await WriteAsync(http, new Answer(400, """{"error": {"code": 400, "message": "Expecting to find auth in request body.", "title": "Bad Request"}}"""));
            return;
        }

        Login = body;
        if (!IsRight(http, body?["auth"]!["identity"]))
        {
            await WriteAsync(http, new Answer(401, """{"error": {"code": 401, "message": "Wrong.", "title": "Unauthorized"}}"""));
            return;
        }

        var login = Interlocked.Increment(ref logins);
        http.Response.Headers["X-Subject-Token"] = body is null ? OwnToken : $"token-{login}";
        await WriteAsync(http, new Answer(201, $$$"""
            {"token": {"project": {"id": "project"}, "catalog": [
              {"type": "identity", "endpoints": [{"interface": "public", "region": "RegionOne", "url": "{{{Url}}}/v3"}]},
              {"type": "database", "endpoints": [
                {"interface": "admin", "region": "RegionOne", "url": "http://192.0.2.1/wrong"},
                {"interface": "internal", "region": "RegionOne", "url": "{{{Url}}}/inside/v1.0/project"},
                {"interface": "public", "region": "Elsewhere", "url": "http://192.0.2.1/wrong"},
                {"interface": "public", "region": "RegionOne", "url": "{{{Url}}}/v1.0/project"}]}]}}
            """));
    }

    private static bool IsRight(HttpContext http, JsonNode? identity) => (string?)identity?["methods"]![0] switch
    {
        null => http.Request.Method == "GET" && http.Request.Headers["X-Subject-Token"] == OwnToken,
        "password" => (string?)identity["password"]!["user"]!["password"] == Password,
        "token" => (string?)identity["token"]!["id"] == OwnToken,
        "application_credential" => (string?)identity["application_credential"]!["secret"] == Password,
        _ => false,
    };

    private static async Task WriteAsync(HttpContext http, Answer answer)
    {
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(answer.Body, http.RequestAborted);
    }
}
