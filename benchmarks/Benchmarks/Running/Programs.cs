using System.Diagnostics;

namespace Dbaas.Benchmarks.Running;

/// <summary>Runs programs to their end.</summary>
internal static class Programs
{
    /// <summary>Runs one that must succeed.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments; nothing secret.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<(string Output, string Error)> RunAsync(
        string program, IReadOnlyList<string> arguments, string input, CancellationToken cancellationToken)
    {
        using var process = Start(program, arguments);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? (await output, await error)
                : throw new InvalidOperationException($"{program} failed with {process.ExitCode}: {await error}{await output}");
        }
        finally
        {
            await EndAsync(process);
        }
    }

    /// <summary>Starts one whose ends of input, output and error are ours.</summary>
    public static Process Start(string program, IReadOnlyList<string> arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;

    /// <summary>Sees that it does not run any more.</summary>
    public static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
    }
}
