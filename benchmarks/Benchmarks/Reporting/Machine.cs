using System.Globalization;
using System.Runtime.InteropServices;
using Dbaas.Benchmarks.Running;

namespace Dbaas.Benchmarks.Reporting;

/// <summary>What the numbers were measured on.</summary>
internal static class Machine
{
    public static async Task<IReadOnlyList<string>> DescribeAsync(CancellationToken cancellationToken) =>
    [
        $"{Environment.ProcessorCount} processors ({Value("/proc/cpuinfo", "model name")}), {MemoryGb()} GB of memory, "
            + $"Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()} {RuntimeInformation.OSArchitecture}, "
            + $"{Value("/etc/os-release", "PRETTY_NAME")}",
        $"{RuntimeInformation.FrameworkDescription}; {await VersionAsync("mariadbd", cancellationToken)}; "
            + $"{await VersionAsync("mariadb-backup", cancellationToken)}",
        $"Load average when it began: {LoadAverage()}",
    ];

    /// <summary>Of the last minute.</summary>
    public static string LoadAverage() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    private static async Task<string> VersionAsync(string program, CancellationToken cancellationToken)
    {
        var result = await Programs.RunAsync(program, ["--version"], "", cancellationToken);
        var line = (result.Output + result.Error).Split('\n').First(text => text.Contains(program, StringComparison.Ordinal)).Trim();
        return line[line.IndexOf(program, StringComparison.Ordinal)..];
    }

    private static string MemoryGb() =>
        (double.Parse(Value("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture) / 1024 / 1024)
            .ToString("0", CultureInfo.InvariantCulture);

    private static string Value(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } found
            ? found[(found.IndexOfAny([':', '=']) + 1)..].Trim().Trim('"')
            : "unknown";
}
