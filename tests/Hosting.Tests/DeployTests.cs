using System.Diagnostics;
using Dbaas.Hosting.Configuration;
using Dbaas.Testing;

namespace Dbaas.Hosting.Tests;

/// <summary>What is in deploy/ is what the programs take.</summary>
public sealed class DeployTests : IDisposable
{
    private static readonly string Deploy = Path.Combine(Repository.Root, "deploy");
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbd");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("trove-api.json")]
    [InlineData("task-manager.json")]
    public void A_sample_configuration_is_read_as_by_the_programs_and_fits(string name)
    {
        var settings = SettingsReader.Read(Path.Combine(Deploy, name), new Dictionary<string, string>());

        Stores.Check(settings);
        Assert.Equal(3, settings.Database.Count);
        Assert.All(settings.Database, one => Assert.Contains("SslMode=VerifyCA", one, StringComparison.Ordinal));
        Assert.Equal("/etc/dbaas/master.key", MasterKeys.FileOf(settings));
    }

    [Theory]
    [InlineData("trove-api", "TroveApi")]
    [InlineData("task-manager", "TaskManager")]
    public async Task Systemd_finds_no_fault_in_a_unit(string name, string program)
    {
        var path = typeof(Repository).GetProperty(program)!.GetValue(null)!.ToString();
        var text = await File.ReadAllTextAsync(Path.Combine(Deploy, "systemd", $"dbaas-{name}.service"), Cancel);
        var start = $"ExecStart=/usr/lib/dbaas/{name}/Dbaas.{program} --config ";
        Assert.Contains(start, text, StringComparison.Ordinal);
        var unit = Path.Combine(folder.FullName, $"dbaas-{name}.service");
        await File.WriteAllTextAsync(unit, text.Replace(start, $"ExecStart={path} --config ", StringComparison.Ordinal), Cancel);

        var (code, said) = await RunAsync("systemd-analyze", "verify", "--man=no", unit);

        // What it says of other units of this machine is not about ours.
        Assert.Equal((0, ""), (code, string.Join('\n', said.Split('\n').Where(line => line.Contains("dbaas", StringComparison.Ordinal)))));
    }

    [Fact]
    public async Task HAProxy_takes_its_sample()
    {
        var (code, said) = await RunAsync("haproxy", "-c", "-f", Path.Combine(Deploy, "haproxy.cfg"));

        Assert.True(code == 0, said);
    }

    [Fact]
    public async Task MariaDB_takes_the_sample_of_a_node()
    {
        var (code, said) = await RunAsync(
            "mariadbd", $"--defaults-file={Path.Combine(Deploy, "galera.cnf")}", "--user=root", "--verbose", "--help");

        Assert.True(code == 0, said);
        Assert.DoesNotContain("unknown", said, StringComparison.OrdinalIgnoreCase);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<(int Code, string Errors)> RunAsync(string program, params string[] arguments)
    {
        using var run = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await Task.WhenAll(run.StandardOutput.ReadToEndAsync(Cancel), run.StandardError.ReadToEndAsync(Cancel));
        await run.WaitForExitAsync(Cancel);
        return (run.ExitCode, said[1]);
    }
}
