using System.Diagnostics;

namespace Dbaas.EndToEnd.Tests;

/// <summary>What people type.</summary>
internal static class Shell
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>Runs a script in a folder.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(string folder, string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash")
        {
            ArgumentList = { "-euo", "pipefail", "-c", script },
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync().WaitAsync(Patience);
        return shell.ExitCode == 0 ? await output : throw new InvalidOperationException(await error);
    }
}
