using System.Diagnostics;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.Faults.Tests;

/// <summary>kill -9 of task managers, and of the gateways in them, one after the other.</summary>
public sealed class KilledTaskManagerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // Far below the time after which an agent that was given up would ask anew.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private RunningNodes nodes = null!;
    private TroveClient trove = null!;

    public async ValueTask InitializeAsync()
    {
        nodes = await RunningNodes.StartAsync();
        trove = await nodes.LogInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        trove?.Dispose();
        await nodes.DisposeAsync();
    }

    [Fact]
    public async Task An_agent_goes_to_the_other_gateway_when_its_own_is_killed_and_gets_its_commands_there()
    {
        var first = await nodes.AddTaskManagerAsync("first");
        var second = await nodes.AddTaskManagerAsync("second");
        var (id, host) = await CreateAsync();

        // Whichever the agent has chosen: each is killed, and is the only one for a while.
        await second.KillAsync();
        await AssertCommandArrivesAsync(id, "one");
        await nodes.AddTaskManagerAsync("second");
        await first.KillAsync();
        await AssertCommandArrivesAsync(id, "two");

        Assert.Equal("", await Sql.RunAsync(host, "app", "secret", "SHOW TABLES FROM shop"));
    }

    [Fact]
    public async Task What_a_task_manager_that_was_killed_was_at_is_brought_to_its_end_by_another_one()
    {
        var first = await nodes.AddTaskManagerAsync("first");
        var second = await nodes.AddTaskManagerAsync("second");
        var (id, _) = await CreateAsync();
        second.Freeze();
        var restarts = await FreezeInTheActAsync(first, id);

        await first.KillAsync();
        second.Thaw();

        // When its claim has run out, by the database's clock.
        await trove.AwaitStatusAsync(id, "ACTIVE", Patience);
        Assert.Equal($"{1 + restarts}", await nodes.AskAsync("SELECT COUNT(*) FROM operations WHERE status = 'Succeeded'"));
    }

    /// <summary>It has a claim for milliseconds only, between what it waits for: so it stands still whenever it is looked at.</summary>
    /// <returns>How many restarts were asked for; it is at the last of them.</returns>
    private async Task<int> FreezeInTheActAsync(RunningNode node, string id)
    {
        var watch = Stopwatch.StartNew();
        for (var restarts = 1; ; restarts++)
        {
            await trove.AwaitStatusAsync(id, "ACTIVE", Patience);
            await trove.DoAsync(HttpMethod.Post, $"instances/{id}/action", new { restart = new { } });
            do
            {
                node.Freeze();
                if (await nodes.AskAsync("SELECT COUNT(*) FROM operations WHERE status = 'Running' AND owner IS NOT NULL") == "1")
                {
                    return restarts;
                }

                node.Thaw();
                Assert.True(watch.Elapsed < Patience, $"It was at none of {restarts} restarts when it was looked at.");
            }
            while (await nodes.AskAsync("SELECT COUNT(*) FROM operations WHERE status = 'Running'") == "1");
        }
    }

    private async Task<(string Id, string Host)> CreateAsync()
    {
        await RunningNodes.AwaitFlavorsAsync(trove);
        return await trove.CreateShopAsync("m", Patience);
    }

    private async Task AssertCommandArrivesAsync(string id, string database)
    {
        var watch = Stopwatch.StartNew();
        await Eventually.SeeAsync(
            $"the guest makes {database}",
            Soon,
            () => trove.SendAsync(HttpMethod.Post, $"instances/{id}/databases", new { databases = new[] { new { name = database } } }),
            answer => answer.Status == 202);
        Console.WriteLine($"A command after a gateway was killed: {watch.Elapsed.TotalSeconds:0.0} s");
    }
}
