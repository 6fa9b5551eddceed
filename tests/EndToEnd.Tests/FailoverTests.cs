using System.Diagnostics;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>A set that fails over by itself, and what is no reason to.</summary>
public sealed class FailoverTests(ServiceFixture fixture)
{
    private const string Agent = "Dbaas.GuestAgent";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_slave_takes_the_place_of_a_server_that_hangs_although_nobody_asks_for_it()
    {
        using var trove = await fixture.Service.LogInAsync();
        var set = await ServingSet.MakeAsync(trove, "hangs");
        await FailOverByItselfAsync(trove, set);
        var since = Stopwatch.StartNew();

        ServingSet.Signal("STOP", LeftOvers.Processes(set.Master));

        await Eventually.HoldsAsync("a slave takes writes", Patience, () => IsTakenByASlaveAsync(set));
        TestContext.Current.TestOutputHelper?.WriteLine($"A slave took writes after {since.Elapsed.TotalSeconds:0.0} s.");
        foreach (var slave in set.Slaves)
        {
            await trove.AwaitStatusAsync(slave, "ACTIVE", Patience);
        }

        await set.AssertServesWithoutMasterAsync(trove, "no replica reaches it. So it was ejected");
        Assert.All(
            await Task.WhenAll(set.Slaves.Select(trove.ShowAsync)), one => Assert.Equal("automatic", one["failover"]!.GetValue<string>()));
        await set.DeleteAsync(trove);
    }

    [Fact]
    public async Task A_database_that_its_agent_brings_back_and_an_agent_that_is_away_are_no_reason()
    {
        using var trove = await fixture.Service.LogInAsync();
        var set = await ServingSet.MakeAsync(trove, "returns");
        await FailOverByItselfAsync(trove, set);
        ServingSet.Signal("KILL", PidsOf(set, "mariadbd"));
        await AwaitServingAsync(set);

        // (An agent that falls silent before they have come back is one more that says that it is dead.)
        await set.AwaitOnSlavesAsync(3);
        ServingSet.Signal("STOP", PidsOf(set, Agent));
        await Eventually.HoldsAsync(
            "its silence is seen",
            Patience,
            async () => (await trove.ShowAsync(set.Master))["operating_status"]!.GetValue<string>() == "ERROR");
        ServingSet.Signal("CONT", PidsOf(set, Agent));

        await trove.AwaitStatusAsync(set.Master, "ACTIVE", Patience);
        await AwaitServingAsync(set);
        var history = (await trove.DoAsync(HttpMethod.Get, $"instances/{set.Master}/history"))!.ToJsonString();
        Assert.Contains("database-crashed", history, StringComparison.Ordinal);
        Assert.DoesNotContain("eject-master", history, StringComparison.Ordinal);
        await set.DeleteAsync(trove);
    }

    private static async Task FailOverByItselfAsync(TroveClient trove, ServingSet set)
    {
        await trove.DoAsync(HttpMethod.Patch, $"instances/{set.Slaves[0]}", new { instance = new { failover = "automatic" } });
        Assert.Equal("automatic", (await trove.ShowAsync(set.Master))["failover"]!.GetValue<string>());
    }

    private static IEnumerable<string> PidsOf(ServingSet set, string program) =>
        LeftOvers.PidsOf(set.Master, program).Select(pid => $"{pid}");

    private static async Task<bool> IsTakenByASlaveAsync(ServingSet set)
    {
        foreach (var host in set.Hosts[1..])
        {
            try
            {
                await Sql.RunAsync(host, "app", "secret", "INSERT INTO shop.p VALUES (2)");
                return true;
            }
            catch (SqlFailedException)
            {
                // It is read only still.
            }
        }

        return false;
    }

    private static Task AwaitServingAsync(ServingSet set) => Eventually.HoldsAsync(
        "it takes writes",
        Patience,
        async () =>
        {
            try
            {
                await Sql.RunAsync(set.Hosts[0], "app", "secret", "INSERT INTO shop.p VALUES (3) ON DUPLICATE KEY UPDATE id = id");
                return true;
            }
            catch (SqlFailedException)
            {
                return false;
            }
        });
}
