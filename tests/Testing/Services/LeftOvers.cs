using System.Diagnostics;
using System.Globalization;

namespace Dbaas.Testing.Services;

/// <summary>What instances of a service have left on this machine. Each line names one thing.</summary>
public static class LeftOvers
{
    /// <summary>Processes, mounts, loop devices, namespaces and folders that name one of these instances.</summary>
    public static IReadOnlyList<string> Of(RunningService service, params string[] instanceIds) =>
    [
        .. instanceIds.SelectMany(id => Processes(id).Select(process => $"process {process}: {CommandLine(process)}")),
        .. Lines("/proc/self/mountinfo").Where(line => instanceIds.Any(line.Contains)).Select(line => $"mount {line}"),
        .. LoopFiles().Where(line => instanceIds.Any(line.Contains)).Select(line => $"loop device {line}"),
        .. Directory.Exists("/run/netns")
            ? Directory.GetFileSystemEntries("/run/netns")
                .Where(name => instanceIds.Any(id => name.Contains(id[^12..]) || name.Contains(id)))
            : [],
        .. Services().SelectMany(Directory.GetDirectories).Where(path => instanceIds.Any(path.Contains)),
        .. Directory.EnumerateFileSystemEntries(
            service.StatePath, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 4 })
            .Where(path => instanceIds.Any(id => Path.GetFileName(path).Contains(id))).Select(path => $"file {path}"),
    ];

    /// <summary>Processes, mounts and loop devices that name a folder.</summary>
    public static IReadOnlyList<string> Below(string folder) =>
    [
        .. Processes(folder).Select(process => $"process {process}: {CommandLine(process)}"),
        .. Lines("/proc/self/mountinfo").Where(line => line.Contains(folder)).Select(line => $"mount {line}"),
        .. LoopFiles().Where(line => line.Contains(folder)).Select(line => $"loop device {line}"),
    ];

    /// <summary>Processes whose command line names this.</summary>
    public static IReadOnlyList<string> Processes(string name) =>
    [
        .. Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _))
            .Where(folder => string.Concat(Lines($"{folder}/cmdline")).Contains(name) && !IsZombie(folder))
            .Select(folder => Path.GetFileName(folder)),
    ];

    /// <summary>Ids of the processes of a program that run for an instance.</summary>
    public static int[] PidsOf(string instanceId, string program) =>
    [
        .. Processes(instanceId).Select(pid => int.Parse(pid, CultureInfo.InvariantCulture))
            .Where(pid => Path.GetFileName(ProgramOf(pid)) == program).Order(),
    ];

    /// <summary>The full path of a process's program; empty when it is gone.</summary>
    public static string ProgramOf(int pid)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{pid}/exe", returnFinalTarget: false)?.FullName ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>Processes of a service besides itself: what serves instances, with its command line.</summary>
    public static IReadOnlyList<string> ProcessesOf(RunningService service) =>
    [
        .. Processes(service.StatePath).Where(pid => pid != $"{service.Pid}")
            .Select(CommandLine),
    ];

    /// <summary>Binary log files on an instance's volume.</summary>
    public static IReadOnlyList<string> LogFiles(string instanceId) =>
    [
        .. Services().Select(service => Path.Combine(service, instanceId)).Where(Directory.Exists)
            .SelectMany(volume => Directory.EnumerateFiles(volume, "*bin*.0*", SearchOption.AllDirectories)),
    ];

    private static IEnumerable<string> LoopFiles() =>
        Directory.EnumerateFiles(
            "/sys/block", "backing_file", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 }).SelectMany(Lines);

    private static string[] Services() => Directory.Exists("/run/dbaas") ? Directory.GetDirectories("/run/dbaas") : [];

    private static string CommandLine(string pid) => string.Concat(Lines($"/proc/{pid}/cmdline")).Replace('\0', ' ');

    private static bool IsZombie(string folder) =>
        Lines($"{folder}/status").Any(line => line.StartsWith("State:\tZ", StringComparison.Ordinal));

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It went while we looked.
            return [];
        }
    }
}
