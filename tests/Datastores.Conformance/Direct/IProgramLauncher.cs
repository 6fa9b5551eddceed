using System.Diagnostics;
using Dbaas.Datastores.Contract;

namespace Dbaas.Datastores.Conformance.Direct;

/// <summary>Turns a program of the datastore's into one of this machine: under another user, or inside a root file system.</summary>
public interface IProgramLauncher
{
    /// <summary>What to start.</summary>
    ProcessStartInfo Prepare(ProcessSpec program);
}

/// <summary>Programs of this machine.</summary>
public sealed class HostLauncher : IProgramLauncher
{
    /// <inheritdoc />
    public ProcessStartInfo Prepare(ProcessSpec program)
    {
        string[] prefix = program.UserId is { } user
            ? ["setpriv", $"--reuid={user}", $"--regid={user}", "--clear-groups"]
            : [];
        return Commands.StartInfo([.. prefix, program.Program, .. program.Arguments], program.WorkingDirectory);
    }
}

/// <summary>Programs of a root file system. The folders of the test must be at the same path inside.</summary>
public sealed class ImageLauncher(string image) : IProgramLauncher
{
    /// <inheritdoc />
    public ProcessStartInfo Prepare(ProcessSpec program)
    {
        var user = program.UserId ?? 0;
        return Commands.StartInfo(
            ["chroot", $"--userspec={user}:{user}", $"--groups={user}", image, program.Program, .. program.Arguments],
            workingDirectory: null);
    }
}

internal static class Commands
{
    public static ProcessStartInfo StartInfo(IReadOnlyList<string> command, string? workingDirectory) => new(command[0], command.Skip(1))
    {
        WorkingDirectory = workingDirectory ?? "/",
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };
}
