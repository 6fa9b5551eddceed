using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.OpenStack.Tier;

/// <summary>Stands between the plane and the services, passes requests on, and makes some of them fail.</summary>
internal sealed partial class FaultProxy : IAsyncDisposable
{
    private static readonly string[] HopByHop = ["Host", "Connection", "Transfer-Encoding", "Content-Length", "Content-Type"];
    private readonly Dictionary<string, Uri> _upstream;
    private readonly WebApplication _server;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private readonly ConcurrentQueue<string> _seen = new();
    private readonly ConcurrentQueue<ProxiedCall> _calls = new();

    private FaultProxy(Dictionary<string, Uri> upstream)
    {
        _upstream = upstream;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(ServeAsync);
    }

    /// <summary>Decides about each request, by its method and its route with every id as <c>{id}</c>.</summary>
    public Func<string, Fault> Plan { get; set; } = _ => Fault.None;

    /// <summary>All requests so far, in order.</summary>
    public IReadOnlyList<string> Seen => [.. _seen];

    /// <summary>Those that have ended, with their times.</summary>
    public IReadOnlyList<ProxiedCall> Calls => [.. _calls];

    public Uri AuthUrl => new(Root, "/identity" + _upstream["identity"].AbsolutePath);

    public IReadOnlyDictionary<string, Uri> Endpoints => _upstream.Where(one => one.Key != "identity")
        .ToDictionary(one => one.Key, one => new Uri(Root, $"/{one.Key}{one.Value.AbsolutePath}"));

    private Uri Root => new(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<FaultProxy> StartAsync(LabOptions options)
    {
        var proxy = new FaultProxy(await LabEndpoints.OfAsync(options));
        await proxy._server.StartAsync(Lab.Cancellation);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _server.DisposeAsync();
        _http.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var parts = context.Request.Path.Value!.TrimStart('/').Split('/', 2);
        var name = $"{context.Request.Method} {parts[0]} {Ids().Replace("/" + parts[1], "/{id}")}";
        _seen.Enqueue(name);
        var began = TimeProvider.System.GetUtcNow();
        try
        {
            await ServeAsync(context, parts, Plan(name));
        }
        finally
        {
            _calls.Enqueue(new ProxiedCall(name, began, TimeProvider.System.GetUtcNow()));
        }
    }

    private async Task ServeAsync(HttpContext context, string[] parts, Fault fault)
    {
        switch (fault)
        {
            case Fault.Closed:
                context.Abort();
                return;
            case Fault.Hang:
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            case Fault.Empty:
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync($"{{\"{parts[1].Split('/')[1]}\": []}}");
                return;
            case Fault.Unauthorized or Fault.Conflict or Fault.TooMany or Fault.Unavailable or Fault.Failed:
                context.Response.StatusCode = (int)fault;
                context.Response.Headers.RetryAfter = fault is Fault.TooMany or Fault.Unavailable ? "0" : default;
                return;
        }

        using var request = await PassedOnAsync(
            context.Request, new Uri(_upstream[parts[0]], "/" + parts[1] + context.Request.QueryString));
        using var answer = await _http.SendAsync(request, context.RequestAborted);
        var body = await answer.Content.ReadAsByteArrayAsync(context.RequestAborted);
        if (parts[0] == "identity")
        {
            body = LeadingHere(body);
        }

        if (fault == Fault.LostAnswer)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = fault == Fault.FailedAfterwards ? 500 : (int)answer.StatusCode;
        foreach (var header in answer.Headers.Where(header => !HopByHop.Contains(header.Key)))
        {
            context.Response.Headers[header.Key] = header.Value.ToArray();
        }

        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        if (context.Response.StatusCode != StatusCodes.Status204NoContent)
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    /// <summary>A catalogue that names this proxy for each service.</summary>
    private byte[] LeadingHere(byte[] body) => Encoding.UTF8.GetBytes(_upstream.Aggregate(
        Encoding.UTF8.GetString(body),
        (text, one) => text.Replace($"\"{one.Value.GetLeftPart(UriPartial.Authority)}", $"\"{Root}{one.Key}", StringComparison.Ordinal)));

    private static async Task<HttpRequestMessage> PassedOnAsync(HttpRequest from, Uri to)
    {
        var request = new HttpRequestMessage(new HttpMethod(from.Method), to);
        foreach (var header in from.Headers.Where(header => !HopByHop.Contains(header.Key)))
        {
            request.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray());
        }

        if (from.ContentType is { } type)
        {
            using var body = new MemoryStream();
            await from.Body.CopyToAsync(body);
            request.Content = new ByteArrayContent(body.ToArray());
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return request;
    }

    [GeneratedRegex("/([0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|req-[0-9a-f-]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Ids();
}
