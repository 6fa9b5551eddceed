using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dbaas.Testing.Telemetry;

/// <summary>Takes what programs send by OTLP over HTTP, on a free port.</summary>
public sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, byte[] Body)> requests = new();
    private readonly WebApplication app;

    private Collector(WebApplication app) => this.app = app;

    /// <summary>For <c>Telemetry:OtlpEndpoint</c>.</summary>
    public string Url => app.Urls.First();

    /// <summary>All texts in all that was sent, and what lies between them.</summary>
    public string Everything => string.Concat(requests.Select(request => Encoding.Latin1.GetString(request.Body)));

    /// <summary>Names of what was sent to an address, such as <c>/v1/metrics</c>.</summary>
    public bool HasGot(string path, string text) => requests.Any(
        request => request.Path == path && Encoding.Latin1.GetString(request.Body).Contains(text, StringComparison.Ordinal));

    /// <summary>The spans of a trace.</summary>
    public IReadOnlyList<Span> Spans(string traceId) =>
        [.. requests.Where(request => request.Path == "/v1/traces").SelectMany(request => Read(request.Body))
            .Where(span => span.TraceId == traceId)];

    /// <summary>Starts one.</summary>
    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var collector = new Collector(builder.Build());
        collector.app.Run(collector.TakeAsync);
        await collector.app.StartAsync();
        return collector;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        requests.Enqueue((context.Request.Path, body.ToArray()));
        context.Response.ContentType = "application/x-protobuf";
    }

    // ExportTraceServiceRequest.resource_spans (1) . scope_spans (2) . spans (2).
    private static IEnumerable<Span> Read(byte[] request) =>
        from resource in ProtobufFields.Of(request, 1)
        from scope in ProtobufFields.Of(resource, 2)
        from span in ProtobufFields.Of(scope, 2)
        select new Span(Hex(span, 1), Hex(span, 2), Hex(span, 4), Encoding.UTF8.GetString(ProtobufFields.Of(span, 5).Single()));

    private static string Hex(byte[] span, int field) =>
        Convert.ToHexStringLower(ProtobufFields.Of(span, field).SingleOrDefault() ?? []);
}
