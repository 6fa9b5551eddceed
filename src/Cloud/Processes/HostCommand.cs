// The one place of the planes that starts programs.
#pragma warning disable RS0030

using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Processes;

/// <summary>
/// Runs programs of the host: the only place of the planes that starts processes. No shell; no secret is ever an argument.
/// </summary>
internal static class HostCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Debian's packages, for the message when a program is missing.</summary>
    private static readonly Dictionary<string, string> Packages = new()
    {
        ["ip"] = "iproute2",
        ["mkfs.ext4"] = "e2fsprogs",
        ["e2fsck"] = "e2fsprogs",
        ["resize2fs"] = "e2fsprogs",
        ["mount"] = "mount",
        ["umount"] = "mount",
        ["losetup"] = "mount",
        ["flock"] = "util-linux",
        ["nsenter"] = "util-linux",
        ["prlimit"] = "util-linux",
        ["start-stop-daemon"] = "dpkg",
        ["chown"] = "coreutils",
        ["virsh"] = "libvirt-clients",
        ["age-keygen"] = "age",
        ["genisoimage"] = "genisoimage",
    };

    private static readonly Dictionary<string, string> Environment = new()
    {
        ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ["LANG"] = "C.UTF-8",
    };

    /// <summary>Runs a program to its end; anything but exit code 0 is a fault.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(
        string program,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var result = await TryAsync(program, arguments, cancellationToken, environment: environment);
        return result.IsSuccess
            ? result.StandardOutput
            : throw Failure($"{program} failed ({result.ExitCode}).", result);
    }

    /// <summary>What a program said is for administrators: it names folders and devices of the host.</summary>
    public static CloudException Failure(string message, BufferedCommandResult result) =>
        new(message, isTransient: true, details: result.StandardError.Trim());

    /// <summary>Runs a program to its end, however it ends.</summary>
    public static async Task<BufferedCommandResult> TryAsync(
        string program,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken,
        string input = "",
        TimeSpan? limit = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var within = limit ?? Limit;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(within);
        try
        {
            return await Cli.Wrap(Find(program))
                .WithArguments(arguments)
                .WithEnvironmentVariables(Only(Environment.Concat(environment ?? new Dictionary<string, string>())))
                .WithStandardInputPipe(PipeSource.FromString(input))
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(deadline.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CloudException($"{program} was not done within {within.TotalSeconds:0} s.", isTransient: true, e);
        }
        catch (Win32Exception e)
        {
            throw new CloudException($"{program} cannot be started: {e.Message}", isTransient: false, e);
        }
    }

    /// <summary>Nothing of the service's own environment reaches a program: it may hold secrets.</summary>
    private static Dictionary<string, string?> Only(IEnumerable<KeyValuePair<string, string>> variables)
    {
        var all = System.Environment.GetEnvironmentVariables().Keys.Cast<string>().ToDictionary(name => name, _ => (string?)null);
        foreach (var (name, value) in variables)
        {
            all[name] = value;
        }

        return all;
    }

    /// <summary>By full path: the service's own PATH may lack the folders of the administrator's programs.</summary>
    private static string Find(string program) =>
        Environment["PATH"].Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
        ?? throw new CloudException(
            $"The program {program} is missing; it is in Debian's package {Packages.GetValueOrDefault(program, program)}.",
            isTransient: false);
}
