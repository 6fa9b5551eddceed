using System.Diagnostics;

namespace Dbaas.Testing.Services;

/// <summary>The published guest agent: the one that ./dbaas names, or one published once for this run.</summary>
public static class AgentProgram
{
    private static readonly Lazy<string> Published = new(Publish);

    /// <summary>Its path.</summary>
    public static string Path => Published.Value;

    private static string Publish()
    {
        if (Environment.GetEnvironmentVariable("DBAAS_AGENT") is { Length: > 0 } given)
        {
            return given;
        }

        var folder = System.IO.Path.Combine(Repository.Root, "artifacts", "agent", "tests");
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "publish", System.IO.Path.Combine(Repository.Root, "src", "GuestAgent"), "-c", "Release", "-r", "linux-x64", "-o", folder, "-v", "q",
                "--nologo",
            },
        };
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode == 0
            ? System.IO.Path.Combine(folder, "Dbaas.GuestAgent")
            : throw new InvalidOperationException($"Publishing the agent failed with {process.ExitCode}.");
    }
}
