using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Dbaas.Cloud.Local.Processes;

/// <summary>Processes of this machine, as /proc tells them.</summary>
internal static class ProcessTable
{
    public static IEnumerable<int> All() =>
        Directory.EnumerateDirectories("/proc").Select(d => Path.GetFileName(d)).Where(n => char.IsAsciiDigit(n[0]))
            .Select(n => int.Parse(n, CultureInfo.InvariantCulture));

    /// <summary>Whether it runs. A dead process stays in the table until somebody collects it (state Z): that is gone too.</summary>
    public static bool IsAlive(int pid)
    {
        var stat = Text(pid, "stat");
        var end = stat.LastIndexOf(')');
        return end > 0 && end + 2 < stat.Length && stat[end + 2] is not ('Z' or 'X');
    }

    /// <summary>
    /// While a process replaces its program by another it shows no arguments for a moment. The kernel's own threads never do, but they have
    /// no program either.
    /// </summary>
    public static bool IsBetweenPrograms(int pid) => IsAlive(pid) && Arguments(pid).Count == 0 && Link(pid, "exe") is not null;

    /// <summary>Empty when the process is gone.</summary>
    public static IReadOnlyList<string> Arguments(int pid) => Text(pid, "cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Empty when the process is gone, or belongs to somebody else.</summary>
    public static IReadOnlyList<string> EnvironmentOf(int pid) => Text(pid, "environ").Split('\0', StringSplitOptions.RemoveEmptyEntries);

    public static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It is gone already. Whoever kills looks again, and would see one that is not.
        }
    }

    private static string? Link(int pid, string name)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/{name}").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Text(int pid, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/{file}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
