using System.Diagnostics;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>Debian's own client programs, as they are.</summary>
internal static class DebianClient
{
    /// <summary>As a user does it: <c>. openrc</c>, then the program.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(RunningService service, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("bash")
        {
            ArgumentList = { "-c", ". \"$0\" && exec \"$@\"", Path.Combine(service.StatePath, "openrc"), program },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.True(
            process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await error} {output}");
        return output;
    }
}
