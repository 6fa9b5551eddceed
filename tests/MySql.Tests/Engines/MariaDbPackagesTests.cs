using System.Diagnostics;
using Dbaas.Datastores.MySql;
using Dbaas.Testing;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>A machine that has them from elsewhere does not show that nobody installs them.</summary>
public sealed class MariaDbPackagesTests
{
    [Theory]
    [InlineData("scripts/packages.sh")]
    [InlineData("images/guest/mariadb-10.11.list")]
    public async Task Every_program_of_the_engine_is_in_a_package_that_is_installed_for_it(string list)
    {
        var flavor = new MariaDbFlavor();
        var named = (await File.ReadAllTextAsync(Path.Combine(Repository.Root, list), CancellationToken.None)).Split([' ', '\n']);
        foreach (var program in new[]
        {
            flavor.ServerProgram, flavor.ClientProgram, flavor.LogReaderProgram, flavor.TimeZoneProgram, "mariadb-install-db",
            "mariadb-backup", "mbstream",
        })
        {
            // What a client's package depends on comes with it.
            var package = (await PackageOfAsync(program)).Replace("mariadb-client-core", "mariadb-client", StringComparison.Ordinal);
            Assert.True(named.Contains(package), $"{program} is in {package}, which is not in {list}.");
        }
    }

    private static async Task<string> PackageOfAsync(string program)
    {
        var query = new ProcessStartInfo("dpkg-query", ["--search", $"*bin/{program}"]) { RedirectStandardOutput = true };
        using var find = Process.Start(query)!;
        var found = await find.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await find.WaitForExitAsync(CancellationToken.None);
        Assert.True(find.ExitCode == 0, $"No package has {program}.");
        return found.Split('\n')[0].Split(':')[0];
    }
}
