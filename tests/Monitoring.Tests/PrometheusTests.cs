using System.Diagnostics;
using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.Monitoring.Tests;

/// <summary>Debian's Prometheus reads the rules and the real service.</summary>
public sealed class PrometheusTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbaas-prometheus-");
    private readonly int metrics = FreePort.Find();
    private readonly int port = FreePort.Find();
    private RunningService service = null!;
    private Process prometheus = null!;

    public async ValueTask InitializeAsync()
    {
        var settings = RunningService.Settings();
        settings["Telemetry"] = new JsonObject { ["PrometheusPort"] = metrics };
        service = await RunningService.StartAsync(settings);
        var configuration = Path.Combine(folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(configuration, $$"""
            global: { scrape_interval: 1s, evaluation_interval: 1s }
            rule_files: [{{Path.Combine(Repository.Root, "deploy/monitoring/alerts.yml")}}]
            scrape_configs:
              - job_name: dbaas
                static_configs: [{ targets: ["127.0.0.1:{{metrics}}"] }]
            """);
        var start = new ProcessStartInfo(
            "prometheus",
            [
                $"--config.file={configuration}", $"--storage.tsdb.path={folder.FullName}/data", $"--web.listen-address=127.0.0.1:{port}",
            ])
        {
            RedirectStandardError = true,
        };
        prometheus = Process.Start(start)!;
        prometheus.BeginErrorReadLine();
    }

    public async ValueTask DisposeAsync()
    {
        prometheus.Kill();
        await prometheus.WaitForExitAsync();
        prometheus.Dispose();
        await service.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task It_loads_every_rule_and_reads_every_node()
    {
        await Eventually.HoldsAsync("the service is read", Patience, async () => await ValueAsync("""up{job="dbaas"}""") == "1");
        await Eventually.HoldsAsync(
            "the API's answers are there", Patience,
            async () => await ValueAsync("""sum(http_server_request_duration_seconds_count{job="dbaas"})""") is not null);

        var rules = (await AskAsync("rules"))["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).ToList();

        Assert.True(rules.Count > 10, $"{rules.Count} rules are loaded.");
        await Eventually.SeeAsync(
            "every rule was looked at and is well",
            Patience,
            async () => string.Join(' ', (await AskAsync("rules"))["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray())
                .Select(rule => rule!["health"]!.GetValue<string>()).Distinct()),
            health => health == "ok");
    }

    private async Task<string?> ValueAsync(string expression) =>
        (await AskAsync($"query?query={Uri.EscapeDataString(expression)}"))["result"]!.AsArray().FirstOrDefault()?["value"]![1]!
            .GetValue<string>();

    private async Task<JsonNode> AskAsync(string path)
    {
        using var http = new HttpClient();
        var answer = await http.GetStringAsync($"http://127.0.0.1:{port}/api/v1/{path}", TestContext.Current.CancellationToken);
        return JsonNode.Parse(answer)!["data"]!;
    }
}
