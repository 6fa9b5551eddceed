using System.Diagnostics;
using System.Text.Json;

namespace Dbaas.Monitoring.Tests;

/// <summary>Debian's promtool.</summary>
internal static class Promtool
{
    /// <summary>Reads expressions, as those of rules.</summary>
    public static async Task<string> CheckAsync(IEnumerable<string> expressions)
    {
        var file = Path.GetTempFileName();
        try
        {
            // JSON is YAML.
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new
            {
                groups = new[]
                {
                    new { name = "read", rules = expressions.Select((expr, number) => new { record = $"expression{number}", expr }) },
                },
            }));
            return await RunAsync("check", "rules", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <returns>All that it prints.</returns>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("promtool", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{await output}\n{await errors}");
    }
}
