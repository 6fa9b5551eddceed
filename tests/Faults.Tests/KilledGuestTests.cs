using System.Diagnostics;
using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.Faults.Tests;

/// <summary>kill -9 inside instances.</summary>
public sealed class KilledGuestTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private RunningService service = null!;

    public async ValueTask InitializeAsync() => service = await RunningService.StartAsync();

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_killed_agent_comes_back_and_finds_its_database_serving()
    {
        using var trove = await service.LogInAsync();
        var (id, host) = await CreateAsync(trove, "agent-killed");
        var database = await OnlyProcessAsync(id, "mariadbd");

        Kill(await OnlyProcessAsync(id, "Dbaas.GuestAgent"));

        Assert.Equal("1", await Sql.RunAsync(host, "app", "secret", "SELECT 1"));
        await AwaitHistoryAsync(trove, id, "agent-started", times: 2);
        await trove.AwaitStatusAsync(id, "ACTIVE", Soon);
        Assert.Equal(database, await OnlyProcessAsync(id, "mariadbd"));
        await trove.DoAsync(HttpMethod.Post, $"instances/{id}/databases", new { databases = new[] { new { name = "later" } } });
    }

    [Fact]
    public async Task A_killed_database_is_restarted_and_the_history_says_so()
    {
        using var trove = await service.LogInAsync();
        var (id, host) = await CreateAsync(trove, "database-killed");

        Kill(await OnlyProcessAsync(id, "mariadbd"));

        await AwaitHistoryAsync(trove, id, "database-crashed", times: 1);
        await AwaitHistoryAsync(trove, id, "database-restarted", times: 1);
        await trove.AwaitStatusAsync(id, "ACTIVE", Soon);
        Assert.Equal("1", await Sql.RunAsync(host, "app", "secret", "SELECT 1"));
    }

    [Fact]
    public async Task A_master_that_dies_while_its_slave_is_built_leaves_a_slave_in_error_that_can_be_deleted()
    {
        using var trove = await service.LogInAsync();
        var (master, host) = await CreateAsync(trove, "dying-master");
        var slave = await trove.CreateAsync(new { name = "orphan", slave_of = master });

        // Stopped rather than killed: its server is there, nothing in it answers.
        var stopped = LeftOvers.Processes(master).Select(pid => int.Parse(pid, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        foreach (var pid in stopped)
        {
            Signal(pid, "-STOP");
        }

        var failed = await trove.AwaitStatusAsync(slave, "ERROR", Patience);
        Assert.Contains("dying-master", failed["fault"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        await trove.DoAsync(HttpMethod.Delete, $"instances/{slave}");
        await trove.AwaitGoneAsync(slave, Patience);
        Assert.Empty(LeftOvers.Of(service, slave));

        foreach (var pid in stopped)
        {
            Signal(pid, "-CONT");
        }

        await trove.AwaitStatusAsync(master, "ACTIVE", Patience);
        await Eventually.SeeAsync(
            "the master keeps no user for the slave", Patience,
            async () => (await trove.ShowAsync(master))["slaves"], slaves => slaves is null);
        var root = (await trove.DoAsync(HttpMethod.Post, $"instances/{master}/root"))!["user"]!["password"]!.GetValue<string>();
        await Eventually.SeeAsync(
            "no replication user on the master", Patience,
            () => Sql.RunAsync(host, "root", root, "SELECT COUNT(*) FROM mysql.user WHERE Repl_slave_priv = 'Y' AND User NOT IN ('root', 'mariadb.sys')"),
            count => count == "0");
    }

    private static async Task<(string Id, string Host)> CreateAsync(TroveClient trove, string name)
    {
        var id = await trove.CreateAsync(new
        {
            name,
            flavorRef = "7",
            volume = new { size = 1 },
            databases = new[] { new { name = "shop" } },
            users = new[] { new { name = "app", password = "secret", databases = new[] { new { name = "shop" } } } },
        });
        var instance = await trove.AwaitStatusAsync(id, "ACTIVE", Patience);
        return (id, instance["ip"]![0]!.GetValue<string>());
    }

    private static async Task AwaitHistoryAsync(TroveClient trove, string id, string kind, int times) => await Eventually.SeeAsync(
        $"{kind} stands {times} times in the history", Soon,
        async () => (await trove.DoAsync(HttpMethod.Get, $"instances/{id}/history"))!["history"]!.AsArray(),
        (JsonArray history) => history.Count(entry => (string?)entry!["event"] == kind) >= times);

    private static async Task<int> OnlyProcessAsync(string instanceId, string program) => await Eventually.SeeAsync(
        $"one {program} of {instanceId}", Soon,
        () => Task.FromResult(LeftOvers.Processes(instanceId)
            .Select(pid => int.Parse(pid, System.Globalization.CultureInfo.InvariantCulture))
            .Where(pid => ProgramOf(pid) == program).Order().FirstOrDefault()),
        pid => pid > 0);

    private static string ProgramOf(int pid)
    {
        try
        {
            return Path.GetFileName(File.ResolveLinkTarget($"/proc/{pid}/exe", returnFinalTarget: false)?.FullName) ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static void Kill(int pid) => Signal(pid, "-KILL");

    private static void Signal(int pid, string signal)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill") { ArgumentList = { signal, $"{pid}" } })!;
        kill.WaitForExit();
    }
}
