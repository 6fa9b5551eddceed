using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Dbaas.Testing.Services;

/// <summary>
/// Somebody who is not root: <c>nobody</c>, with a home and programs of its own, since neither the checkout nor the SDK need be readable to
/// others. Needs root to become it.
/// </summary>
public sealed class UnprivilegedUser : IDisposable
{
    private const string Name = "nobody";
    private const string Group = "nogroup";
    private readonly string home = Directory.CreateTempSubdirectory("dbu").FullName;

    /// <summary>Copies the programs: the service, the agent, the runtime.</summary>
    public UnprivilegedUser()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new InvalidOperationException("Only root can become somebody else.");
        }

        var runtime = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        Directory.CreateDirectory(DotnetRoot);
        Do("cp", "-a", Path.Combine(runtime, "host"), Path.Combine(runtime, "shared"), DotnetRoot);
        Do("cp", "-a", Path.GetDirectoryName(Repository.Standalone)!, Path.Combine(home, "service"));
        Do("cp", "-a", Path.GetDirectoryName(AgentProgram.Path)!, Path.Combine(home, "agent"));
        Do("chown", "-R", $"{Name}:{Group}", home);
    }

    /// <summary>The service's program.</summary>
    public string Standalone => Path.Combine(home, "service", Path.GetFileName(Repository.Standalone));

    /// <summary>The agent's program.</summary>
    public string Agent => Path.Combine(home, "agent", Path.GetFileName(AgentProgram.Path));

    private string DotnetRoot => Path.Combine(home, "dotnet");

    /// <summary>
    /// A program as this user, who has no capability and no other group. The process keeps the id that it is started with.
    /// </summary>
    public ProcessStartInfo Run(string program, params IEnumerable<string> arguments) => new(
        "setpriv", [$"--reuid={Name}", $"--regid={Group}", "--clear-groups", "--no-new-privs", "--", program, .. arguments])
    {
        WorkingDirectory = home,
        Environment = { ["HOME"] = home, ["DOTNET_ROOT"] = DotnetRoot },
    };

    /// <summary>Gives a folder away.</summary>
    public void Own(string folder)
    {
        Do("chown", "-R", $"{Name}:{Group}", folder);
        File.SetUnixFileMode(folder + ".json", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
    }

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(home, recursive: true);

    private static void Do(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }
}
