using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;
using Dbaas.Testing.Telemetry;

namespace Dbaas.EndToEnd.Tests;

/// <summary>What the whole service tells of itself while it works.</summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    private const string Password = "Nobody-Logs-This-7";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly int port = FreePort.Find();
    private Collector collector = null!;
    private RunningService service = null!;

    public async ValueTask InitializeAsync()
    {
        collector = await Collector.StartAsync();
        var settings = RunningService.Settings();
        settings["LogFormat"] = "Json";
        settings["Telemetry"] = new JsonObject { ["PrometheusPort"] = port, ["OtlpEndpoint"] = collector.Url };
        service = await RunningService.StartAsync(settings);
    }

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        await collector.DisposeAsync();
    }

    [Fact]
    public async Task A_request_is_followed_through_api_operation_and_guest_and_nothing_secret_is_told()
    {
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        const string Request = "req-0190a1b2-0000-7000-8000-0123456789ab";
        using var trove = await service.LogInAsync();
        trove.Always("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");
        trove.Always("X-Openstack-Request-Id", Request);

        var id = await trove.CreateAsync(new
        {
            name = "watched",
            flavorRef = "7",
            volume = new { size = 1 },
            databases = new[] { new { name = "shop" } },
            users = new[] { new { name = "app", password = Password, databases = new[] { new { name = "shop" } } } },
        });
        await trove.AwaitAddressAsync(id, Patience);

        // A trace: the request, below it each step, below that what the guest was asked.
        var spans = await Eventually.SeeAsync(
            "the trace has come to what the guest was asked",
            Patience,
            () => Task.FromResult(collector.Spans(Trace)),
            all => all.Any(span => span.Name == "guest prepare"));
        var asked = spans.First(span => span.Name == "guest prepare");
        var step = spans.First(span => span.SpanId == asked.ParentId);
        Assert.StartsWith("create-instance: ", step.Name, StringComparison.Ordinal);
        Assert.StartsWith("POST ", spans.First(span => span.SpanId == step.ParentId).Name, StringComparison.Ordinal);

        // Lines of the log, by request and by operation, the agent's too.
        var lines = (await LogAsync()).Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!).ToList();
        var begun = lines.Single(line => line["State"]?["Kind"]?.GetValue<string>() == "create-instance"
            && line["Message"]!.GetValue<string>().Contains("begins", StringComparison.Ordinal));
        Assert.Equal(Request, begun["State"]!["RequestId"]!.GetValue<string>());
        var operation = begun["State"]!["Id"]!.GetValue<string>();
        Assert.Contains(begun["Scopes"]!.AsArray(), scope => scope!["OperationId"]?.GetValue<string>() == operation);
        Assert.Contains(lines, line => line["State"]?["RequestId"]?.GetValue<string>() == Request
            && line["State"]?["Method"]?.GetValue<string>() == "POST");
        var ofAgent = string.Concat(
            Directory.EnumerateFiles(service.StatePath, "*.log", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.Contains($"of operation {operation}: Succeeded", ofAgent, StringComparison.Ordinal);

        // Figures.
        var figures = await Eventually.SeeAsync(
            "the instance's figures are told", Patience, MetricsAsync,
            text => text.Contains("dbaas_instance_connections", StringComparison.Ordinal)
                && text.Contains("""dbaas_guests{""", StringComparison.Ordinal));
        foreach (var name in new[]
        {
            """dbaas_operation_completions_total{""", """dbaas_operation_step_duration_seconds_bucket{""",
            """http_server_request_duration_seconds_count{""", "dbaas_instance_queries_total", "dbaas_instance_volume_size_bytes",
        })
        {
            Assert.Contains(name, figures, StringComparison.Ordinal);
        }

        await Eventually.HoldsAsync(
            "metrics are sent, too", Patience, () => Task.FromResult(collector.HasGot("/v1/metrics", "dbaas.operation.claims")));
        var everything = string.Concat(await LogAsync(), ofAgent, figures, collector.Everything);
        Assert.DoesNotContain(Password, everything, StringComparison.Ordinal);
        Assert.DoesNotContain(trove.Token, everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Figures_are_told_at_their_own_port_and_at_no_other()
    {
        using var http = new HttpClient();

        using var ofApi = await http.GetAsync($"http://127.0.0.1:{service.ApiPort}/metrics", TestContext.Current.CancellationToken);
        using var atDoor = await http.GetAsync($"http://127.0.0.1:{port}/v1.0", TestContext.Current.CancellationToken);

        Assert.Equal((404, 404), ((int)ofApi.StatusCode, (int)atDoor.StatusCode));
        Assert.Contains("target_info", await MetricsAsync(), StringComparison.Ordinal);
    }

    private async Task<string> MetricsAsync()
    {
        using var http = new HttpClient();
        return await http.GetStringAsync($"http://127.0.0.1:{port}/metrics", TestContext.Current.CancellationToken);
    }

    private async Task<string> LogAsync()
    {
        await using var log = new FileStream(service.StatePath + ".log", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return await new StreamReader(log).ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
