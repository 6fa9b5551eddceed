using System.Text.Json.Nodes;
using Dbaas.Testing.Services;

namespace Dbaas.Benchmarks.Running;

/// <summary>A service as an operator gets it, with fresh state; only without a rate limit.</summary>
internal static class Services
{
    public static Task<RunningService> StartAsync(params (string Name, JsonNode Value)[] settings)
    {
        var all = RunningService.Settings();
        foreach (var quick in (string[])["ReportSeconds", "SilentSeconds", "LeaseSeconds"])
        {
            // Shortened for tests.
            all.Remove(quick);
        }

        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return RunningService.StartAsync(all);
    }
}
