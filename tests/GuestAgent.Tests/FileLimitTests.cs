using System.Diagnostics;
using System.Globalization;
using Dbaas.GuestAgent.Processes;

namespace Dbaas.GuestAgent.Tests;

public sealed class FileLimitTests
{
    [Fact]
    public async Task A_database_may_have_as_many_files_as_the_system_lets_it_however_few_its_agent_was_started_with()
    {
        var most = Limits().Most;
        using (var lower = Process.Start("prlimit", [$"--pid={Environment.ProcessId}", $"--nofile={most - 1}:"]))
        {
            await lower.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(most - 1, Limits().Now);
        FileLimit.Raise();
        Assert.Equal(most, Limits().Now);
    }

    private static (long Now, long Most) Limits()
    {
        // "Max open files   now   most   files"
        var words = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (long.Parse(words[3], CultureInfo.InvariantCulture), long.Parse(words[4], CultureInfo.InvariantCulture));
    }
}
