using System.Diagnostics;
using Dbaas.Testing;

namespace Dbaas.EndToEnd.Tests;

/// <summary>The demo's story on many nodes of this machine, of which some are killed in the midst of it.</summary>
public sealed class ClusterTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);
    private static readonly string[] Names = ["db1", "db2", "db3", "api1", "api2", "tm1", "tm2", "proxy"];
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbk");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task The_story_ends_well_although_nodes_are_killed_and_all_come_back_also_when_every_database_and_the_proxy_died()
    {
        var script = new EntryScript(folder.FullName, "state");
        string[] ports = ["--cluster", "--api-port", $"{FreePort.Find()}", "--identity-port", $"{FreePort.Find()}"];
        try
        {
            var story = script.DoAsync(["demo", .. ports]);
            await Eventually.HoldsAsync(
                "master and slave are there",
                Patience,
                () => story.IsCompleted || (File.Exists(In("demo")) && File.ReadAllLines(In("demo")).Length >= 2));
            Assert.False(story.IsCompleted, "The story was over before anything was killed.");
            await KillAsync("db3", "api1", "tm2");

            Assert.Contains("That is the story", await story, StringComparison.Ordinal);

            await KillAsync("db1", "db2", "proxy");
            await script.DoAsync(["up", .. ports]);
            var status = await script.DoAsync("status");
            Assert.DoesNotContain("not running", status, StringComparison.Ordinal);
            Assert.Contains("ACTIVE", status, StringComparison.Ordinal);
        }
        finally
        {
            await script.DoAsync("down", "--purge");
        }

        Assert.False(Directory.Exists(script.Home));
        Assert.All(killed, pid => Assert.False(Directory.Exists($"/proc/{pid}")));
    }

    private readonly List<string> killed = [];

    private async Task KillAsync(params string[] names)
    {
        Assert.All(Names, name => Assert.True(File.Exists(In($"cluster/{name}.pid")), name));
        killed.AddRange(Names.Select(PidOf));
        foreach (var name in names)
        {
            using var kill = Process.Start("kill", ["-9", PidOf(name)]);
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, kill.ExitCode);
        }
    }

    private string PidOf(string name) => File.ReadAllText(In($"cluster/{name}.pid")).Split(' ')[0];

    private string In(string path) => Path.Combine(folder.FullName, "state", path);
}
