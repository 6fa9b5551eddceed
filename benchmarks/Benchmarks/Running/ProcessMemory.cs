using System.Globalization;

namespace Dbaas.Benchmarks.Running;

/// <summary>What of a process is in memory.</summary>
internal static class ProcessMemory
{
    public static double ResidentMb(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split([':', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
