using System.Diagnostics;
using Dbaas.Testing;

namespace Dbaas.EndToEnd.Tests;

/// <summary>The entry script as a user types it: from some folder, with a state folder of its own, logged in nowhere.</summary>
internal sealed class EntryScript(string workingFolder, string home)
{
    // It may be the first to want the service built.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Its state folder.</summary>
    public string Home => Path.Combine(workingFolder, home);

    /// <summary>Runs <c>./dbaas …</c>.</summary>
    public Task<ScriptResult> RunAsync(params string[] arguments) => RunAsync(Path.Combine(Repository.Root, "dbaas"), arguments);

    /// <summary>Runs a command that must work.</summary>
    /// <returns>Its output.</returns>
    public async Task<string> DoAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.ExitCode == 0, $"./dbaas {string.Join(' ', arguments)}: {result}");
        return result.Output;
    }

    /// <summary>Runs another program, after <c>. openrc</c>.</summary>
    public async Task<string> DoLoggedInAsync(params string[] commandLine)
    {
        var result = await RunAsync("bash", ["-c", ". \"$0\" && exec \"$@\"", Path.Combine(Home, "openrc"), .. commandLine]);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', commandLine)}: {result}");
        return result.Output;
    }

    private async Task<ScriptResult> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingFolder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("OS_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DBAAS_HOME"] = home;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(deadline.Token);

        // A service that it left running must not hold on to what it was given.
        return new ScriptResult(process.ExitCode, await output.WaitAsync(deadline.Token), await error.WaitAsync(deadline.Token));
    }
}

/// <summary>How a command ended.</summary>
internal sealed record ScriptResult(int ExitCode, string Output, string Error);
