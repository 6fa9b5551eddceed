using System.Diagnostics;
using System.Globalization;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.Faults.Tests;

/// <summary>kill -9 in the middle of a backup, and of a restore.</summary>
public sealed class KilledBackupTests : IAsyncLifetime
{
    private const string Agent = "Dbaas.GuestAgent";
    private const string Sum = "SELECT COUNT(*), SUM(CRC32(s)) FROM shop.t";

    /// <summary>The parts' list and the manifest.</summary>
    private const int Others = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private RunningService service = null!;
    private TroveClient trove = null!;

    private string Objects => Path.Combine(service.StatePath, "objects");

    public async ValueTask InitializeAsync()
    {
        service = await RunningService.StartAsync();
        trove = await service.LogInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        trove?.Dispose();
        await service.DisposeAsync();
    }

    [Theory]
    [InlineData(Agent)]
    [InlineData("mariadb-backup")]
    [InlineData("age")]
    public async Task A_backup_in_which_something_is_killed_is_taken_again_and_holds_every_row(string victim)
    {
        var (id, host) = await FilledAsync();
        var rows = await Sql.RunAsync(host, "app", "secret", Sum);
        var backup = await trove.BackUpAsync(new { name = "b", instance = id });
        await OnlyProcessAsync(id, "mariadb-backup");

        Kill(await OnlyProcessAsync(id, victim));

        await trove.AwaitCompletedAsync(backup, Patience);
        var place = Assert.Single(Directory.GetDirectories(Objects));
        var files = Directory.GetFiles(place);
        Assert.Equal(files.Count(file => char.IsAsciiDigit(file[^1])) + Others, files.Length);
        var back = await RestoredAsync(backup);
        Assert.Equal(rows, await Sql.RunAsync(back, "app", "secret", Sum));
    }

    /// <summary>The service is the store, too: what the agent writes goes through it.</summary>
    [Fact]
    public async Task A_backup_during_which_the_service_and_its_store_are_killed_is_complete_in_the_end_and_holds_every_row()
    {
        var (id, host) = await FilledAsync();
        var rows = await Sql.RunAsync(host, "app", "secret", Sum);
        var backup = await trove.BackUpAsync(new { name = "b", instance = id });
        await OnlyProcessAsync(id, "mariadb-backup");

        await service.KillAsync();
        await service.StartAgainAsync();

        await trove.AwaitCompletedAsync(backup, Patience);
        var back = await RestoredAsync(backup);
        Assert.Equal(rows, await Sql.RunAsync(back, "app", "secret", Sum));
    }

    [Fact]
    public async Task A_backup_whose_database_is_killed_says_so_and_leaves_nothing_or_is_taken_again()
    {
        var (id, host) = await FilledAsync();
        var backup = await trove.BackUpAsync(new { name = "b", instance = id });
        await OnlyProcessAsync(id, "mariadb-backup");

        Kill(await OnlyProcessAsync(id, "mariadbd"));

        var over = await Eventually.SeeAsync(
            "the backup is over",
            Patience,
            async () => (await trove.DoAsync(HttpMethod.Get, $"backups/{backup}"))!["backup"]!,
            one => (string?)one["status"] is "COMPLETED" or "FAILED");
        if ((string?)over["status"] == "FAILED")
        {
            Assert.NotNull(over["fault"]);
            Assert.False(Directory.Exists(Objects) && Directory.GetDirectories(Objects).Length > 0);
        }
        else
        {
            _ = await RestoredAsync(backup);
        }

        await trove.AwaitStatusAsync(id, "ACTIVE", Patience);
        Assert.NotEqual("", await Sql.RunAsync(host, "app", "secret", Sum));
    }

    [Fact]
    public async Task A_restore_in_which_the_agent_is_killed_begins_anew_and_has_every_row()
    {
        var (id, host) = await FilledAsync();
        var rows = await Sql.RunAsync(host, "app", "secret", Sum);
        var backup = await trove.BackUpAsync(new { name = "b", instance = id });
        await trove.AwaitCompletedAsync(backup, Patience);

        var restored = await trove.CreateAsync(
            new { name = "back", flavorRef = "7", volume = new { size = 1 }, restorePoint = new { backupRef = backup } });
        await OnlyProcessAsync(restored, "mbstream");
        Kill(await OnlyProcessAsync(restored, Agent));

        var back = await trove.AwaitAddressAsync(restored, Patience);
        Assert.Equal(rows, await Sql.RunAsync(back, "app", "secret", Sum));
    }

    private async Task<(string Id, string Host)> FilledAsync()
    {
        var (id, host) = await trove.CreateShopAsync("m", Patience);
        await Sql.RunAsync(
            host,
            "app",
            "secret",
            """
            USE shop;
            CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, s VARCHAR(1000));
            INSERT INTO t (s) SELECT REPEAT(MD5(RAND()), 30) FROM seq_1_to_30000;
            """);
        return (id, host);
    }

    private async Task<string> RestoredAsync(string backup)
    {
        var id = await trove.CreateAsync(
            new { name = "back", flavorRef = "7", volume = new { size = 1 }, restorePoint = new { backupRef = backup } });
        return await trove.AwaitAddressAsync(id, Patience);
    }

    private static async Task<int> OnlyProcessAsync(string instanceId, string program) => await Eventually.SeeAsync(
        $"one {program} of {instanceId}", Soon,
        () => Task.FromResult(LeftOvers.PidsOf(instanceId, program).Concat(ToolsOf(instanceId, program)).FirstOrDefault()),
        pid => pid > 0);

    /// <summary>What names no instance on its command line is its agent's child.</summary>
    private static IEnumerable<int> ToolsOf(string instanceId, string program)
    {
        var agents = LeftOvers.PidsOf(instanceId, Agent);
        return Process.GetProcessesByName(program).Select(one => one.Id).Where(pid => agents.Contains(ParentOf(pid)));
    }

    private static int ParentOf(int pid)
    {
        try
        {
            // "pid (name) state parent …"
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static void Kill(int pid)
    {
        using var kill = Process.Start("kill", ["-KILL", $"{pid}"]);
        kill.WaitForExit();
    }
}
