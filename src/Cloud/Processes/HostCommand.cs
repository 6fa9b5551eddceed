// The one place of the planes that starts programs.
#pragma warning disable RS0030

using System.ComponentModel;
using Dbaas.Cloud.Ports;
using Medallion.Shell;

namespace Dbaas.Cloud.Processes;

/// <summary>Runs programs of the host: the only place of the planes that starts processes. No shell; no secret is ever an argument.</summary>
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
        ["nsenter"] = "util-linux",
        ["start-stop-daemon"] = "dpkg",
        ["chown"] = "coreutils",
        ["virsh"] = "libvirt-clients",
        ["genisoimage"] = "genisoimage",
    };

    // Nothing of the service's own environment reaches a server: it may hold secrets.
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
        return result.Success
            ? result.StandardOutput
            : throw new CloudException($"{program} failed ({result.ExitCode}): {result.StandardError.Trim()}", isTransient: true);
    }

    /// <summary>Runs a program to its end, however it ends.</summary>
    public static async Task<CommandResult> TryAsync(
        string program,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken,
        string input = "",
        TimeSpan? limit = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var within = limit ?? Limit;
        try
        {
            var command = Command.Run(Find(program), arguments, options => options
                .Timeout(within)
                .CancellationToken(cancellationToken)
                .StartInfo(info =>
                {
                    info.Environment.Clear();
                    foreach (var (name, value) in Environment.Concat(environment ?? new Dictionary<string, string>()))
                    {
                        info.Environment[name] = value;
                    }
                }));
            if (input.Length > 0)
            {
                command.RedirectFrom([input]);
            }

            return await command.Task;
        }
        catch (TimeoutException e)
        {
            throw new CloudException($"{program} was not done within {within.TotalSeconds:0} s.", isTransient: true, e);
        }
        catch (Win32Exception e)
        {
            throw new CloudException($"{program} cannot be started: {e.Message}", isTransient: false, e);
        }
    }

    /// <summary>By full path: the service's own PATH may lack the folders of the administrator's programs.</summary>
    private static string Find(string program) =>
        Environment["PATH"].Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
        ?? throw new CloudException(
            $"The program {program} is missing; it is in Debian's package {Packages.GetValueOrDefault(program, program)}.", isTransient: false);
}
