using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>Real agents beside real databases are brought to another release of themselves.</summary>
public sealed class AgentUpgradeTests : IAsyncLifetime
{
    // A busy machine takes its time to start an agent; only the test that waits for the end of it is short of it.
    private const int LongEnough = 120;
    private const int Short = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly AgentBuilds builds = new();
    private RunningService service = null!;
    private TroveClient admin = null!;
    private string id = "";
    private string host = "";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        admin.Dispose();
        await service.DisposeAsync();
        builds.Dispose();
    }

    [Fact]
    public async Task An_agent_is_upgraded_while_its_database_serves_and_is_killed_at_each_stage_of_the_next_upgrade()
    {
        await StartAsync(LongEnough);
        var database = await OnlyAsync("mariadbd");
        using var stop = new CancellationTokenSource();
        var asking = AskAsync(stop.Token);

        var first = await OfferAsync(() => builds.PutStamped('1'));
        await UpgradeAsync();
        Assert.Null((await EndedAsync())["fault"]);
        Assert.Equal(first, await VersionAsync());

        // Large: on its way long enough to be seen, and not there yet when the first kill has been waited for.
        var second = await OfferAsync(() => builds.PutStamped('2', paddingMb: 200));
        await UpgradeAsync();
        Assert.True(
            await KillWhenAsync(() => File.Exists(In("slots/b/Dbaas.GuestAgent.new"))), "It was not seen how the release was fetched.");
        Assert.True(await KillWhenAsync(() => Record()["candidate"] is not null), "It was not seen that the release was to be started.");

        // Whether that was the old one or the new one already: one kill more is too many for a new one that was killed before.
        await KillWhenAsync(() => (int?)Record()["candidate"]?["starts"] == 1 && AgentIs("slots/b"));
        Assert.Null((await EndedAsync())["fault"]);
        Assert.Equal(second, await VersionAsync());

        await stop.CancelAsync();
        Assert.True(await asking > 10, "The database was not asked.");
        Assert.Equal(database, await OnlyAsync("mariadbd"));
        Assert.Contains("agent-upgraded", await HistoryAsync());
        await admin.DoAsync(HttpMethod.Delete, $"instances/{id}");
        await admin.AwaitGoneAsync(id, Patience);
        Assert.Empty(LeftOvers.Of(service, id));
    }

    [Fact]
    public async Task A_release_that_ends_at_once_and_one_that_was_changed_leave_the_old_one()
    {
        await StartAsync(LongEnough);
        var before = await VersionAsync();
        await OfferAsync(() => builds.PutScript("ends", "exit 1"));
        await UpgradeAsync();
        await AssertOldOneIsBackAsync(before, "The old one is back");

        await OfferAsync(() => builds.PutScript("changed", "exit 0"));
        builds.Spoil();
        await UpgradeAsync();
        await AssertOldOneIsBackAsync(before, "its hash is");
    }

    [Fact]
    public async Task A_release_that_hangs_is_ended_and_a_rollout_stops_with_it()
    {
        await StartAsync(Short);
        var before = await VersionAsync();
        await OfferAsync(() => builds.PutScript("hangs", "sleep 1000"));
        await admin.DoAsync(HttpMethod.Post, "mgmt/agents/rollout", new { rollout = new { wave_size = 2 } });

        await AssertOldOneIsBackAsync(before, "The old one is back");

        var rollout = await Eventually.SeeAsync(
            "the rollout stops", Patience, async () => (await AgentsAsync())["rollout"]!, seen => (string?)seen["state"] == "STOPPED");
        Assert.Contains(id, (string?)rollout["detail"], StringComparison.Ordinal);
        Assert.Equal(1, (int?)rollout["wave"]);
    }

    [Fact]
    public async Task All_agents_are_upgraded_in_waves_and_answer_an_administrators_questions()
    {
        await StartAsync(LongEnough);
        var other = await CreateAsync("m2");
        await admin.AwaitStatusAsync(other, "ACTIVE", Patience);
        var version = await OfferAsync(() => builds.PutStamped('3'));

        await admin.DoAsync(HttpMethod.Post, "mgmt/agents/rollout", new { rollout = new { } });

        var seen = await Eventually.SeeAsync(
            "the rollout ends", Patience, AgentsAsync, agents => (string?)agents["rollout"]!["state"] != "RUNNING");
        Assert.Equal(("FINISHED", 2), ((string?)seen["rollout"]!["state"], (int?)seen["rollout"]!["wave"]));
        Assert.All(
            seen["agents"]!.AsArray(), agent => Assert.Equal((version, true), ((string?)agent!["version"], (bool?)agent["current"])));

        var diagnostics = (await admin.DoAsync(HttpMethod.Get, $"mgmt/instances/{other}/diagnostics"))!["diagnostics"]!;
        Assert.Equal(version, (string?)diagnostics["version"]);
        Assert.InRange((long)diagnostics["vmRss"]!, 5_000, (long)diagnostics["vmHwm"]!);
        var hardware = (await admin.DoAsync(HttpMethod.Get, $"mgmt/instances/{other}/hwinfo"))!["hwinfo"]!;
        Assert.Equal((512 * 1024, 1), ((int)hardware["mem_total"]!, (int)hardware["num_cpus"]!));
        Assert.Equal(204, (await admin.SendAsync(HttpMethod.Get, $"mgmt/instances/{other}/rpc_ping")).Status);
    }

    private async Task StartAsync(int confirmSeconds)
    {
        var settings = RunningService.Settings();
        settings["AgentRelease"] = builds.Path;
        settings["AgentConfirmSeconds"] = confirmSeconds;
        service = await RunningService.StartAsync(settings);
        admin = await service.LogInAsync("root");
        id = await CreateAsync("m1");
        host = (await admin.AwaitStatusAsync(id, "ACTIVE", Patience))["ip"]![0]!.GetValue<string>();
    }

    private Task<string> CreateAsync(string name) => admin.CreateAsync(new
    {
        name,
        flavorRef = "7",
        volume = new { size = 1 },
        databases = new[] { new { name = "shop" } },
        users = new[] { new { name = "app", password = "secret", databases = new[] { new { name = "shop" } } } },
    });

    /// <summary>Puts a release in its place, and waits until the service has seen it.</summary>
    private async Task<string> OfferAsync(Func<string> put)
    {
        var version = put();
        await Eventually.SeeAsync(
            "the release is seen", Patience, async () => (string?)(await AgentsAsync())["release"]?["version"], seen => seen == version);
        return version;
    }

    private async Task UpgradeAsync() =>
        await admin.DoAsync(HttpMethod.Post, $"mgmt/instances/{id}/action", new { upgrade_agent = new { } });

    private async Task<JsonNode> AgentsAsync() => (await admin.DoAsync(HttpMethod.Get, "mgmt/agents"))!;

    private Task<JsonNode> EndedAsync() => Eventually.SeeAsync(
        "the upgrade ends",
        Patience,
        () => admin.ShowAsync(id),
        shown => shown["operation"] is null && (string?)shown["operating_status"] == "HEALTHY");

    private async Task<string> VersionAsync() => (await admin.ShowAsync(id))["agent"]!["version"]!.GetValue<string>();

    private async Task AssertOldOneIsBackAsync(string version, string words)
    {
        var database = await OnlyAsync("mariadbd");
        var shown = await Eventually.SeeAsync(
            "the upgrade has failed", Patience, () => admin.ShowAsync(id),
            one => one["operation"] is null && ((string?)one["fault"]?["message"])?.Contains(words, StringComparison.Ordinal) == true);
        Assert.Equal(version, (string?)shown["agent"]!["version"]);
        Assert.Equal(204, (await admin.SendAsync(HttpMethod.Get, $"mgmt/instances/{id}/rpc_ping")).Status);
        Assert.Equal(database, await OnlyAsync("mariadbd"));
        Assert.Equal("1", await Sql.RunAsync(host, "app", "secret", "SELECT 1"));
    }

    /// <summary>Asks the database all the time; one that does not answer fails the test.</summary>
    private async Task<int> AskAsync(CancellationToken stop)
    {
        var answers = 0;
        for (; !stop.IsCancellationRequested; answers++)
        {
            Assert.Equal("1", await Sql.RunAsync(host, "app", "secret", "SELECT 1"));
        }

        return answers;
    }

    /// <returns>False: the upgrade was over before the stage was seen, and nobody was killed.</returns>
    private async Task<bool> KillWhenAsync(Func<bool> stage)
    {
        using var over = new CancellationTokenSource(Patience);
        var shown = admin.ShowAsync(id);
        while (!stage())
        {
            // Looked at all the time, also while the API is asked: a stage lasts some milliseconds.
            if (over.IsCancellationRequested || (shown.IsCompleted && (await shown)["operation"] is null))
            {
                return false;
            }

            shown = shown.IsCompleted ? admin.ShowAsync(id) : shown;
        }

        foreach (var pid in Pids("Dbaas.GuestAgent"))
        {
            using var agent = System.Diagnostics.Process.GetProcessById(pid);
            agent.Kill();
            await agent.WaitForExitAsync(over.Token);
        }

        return true;
    }

    private string In(string path) => Path.Combine(service.StatePath, "local", "servers", id, "agent", path);

    private JsonNode Record() => File.Exists(In("slots/slots.json"))
        ? JsonNode.Parse(File.ReadAllText(In("slots/slots.json")))!
        : new JsonObject();

    private bool AgentIs(string place) =>
        Pids("Dbaas.GuestAgent").Any(pid => LeftOvers.ProgramOf(pid).Contains(place, StringComparison.Ordinal));

    private async Task<int> OnlyAsync(string program) => Assert.Single(await Eventually.SeeAsync(
        $"one {program}", Patience, () => Task.FromResult(Pids(program)), pids => pids.Length == 1));

    private int[] Pids(string program) => LeftOvers.PidsOf(id, program);

    private async Task<string> HistoryAsync() => (await admin.DoAsync(HttpMethod.Get, $"instances/{id}/history"))!.ToJsonString();
}
