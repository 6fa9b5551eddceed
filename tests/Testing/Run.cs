using System.Diagnostics;

namespace Dbaas.Testing;

/// <summary>Runs a program to its end.</summary>
internal static class Run
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>What it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed: what it said.</exception>
    public static async Task<string> OrThrowAsync(string program, IEnumerable<string> arguments)
    {
        var (exit, said) = await RunAsync(program, arguments);
        return exit == 0 ? said : throw new InvalidOperationException($"{program} failed:\n{said}");
    }

    /// <summary>What it printed; null: it failed.</summary>
    public static async Task<string?> TryAsync(string program, IEnumerable<string> arguments) =>
        await RunAsync(program, arguments) is (0, var said) ? said : null;

    private static async Task<(int Exit, string Said)> RunAsync(string program, IEnumerable<string> arguments)
    {
        using var run = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var deadline = new CancellationTokenSource(Patience);
        var said = await Task.WhenAll(
            run.StandardOutput.ReadToEndAsync(deadline.Token), run.StandardError.ReadToEndAsync(deadline.Token));
        await run.WaitForExitAsync(deadline.Token);
        return (run.ExitCode, string.Concat(said));
    }
}
