using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>A master that does not answer any more, and a slave in its place.</summary>
public sealed class EjectionTests(ServiceFixture fixture)
{
    private const string Agent = "Dbaas.GuestAgent";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_server_that_hangs_is_switched_off_and_a_slave_is_the_master_with_all_that_it_had()
    {
        using var trove = await fixture.Service.LogInAsync();
        var set = await ServingSet.MakeAsync(trove, "hung");
        ServingSet.Signal("STOP", LeftOvers.Processes(set.Master));

        await EjectAsync(trove, set, () => DebianClient.RunAsync(
            fixture.Service, "openstack", "database", "instance", "eject", set.Master));

        await set.AssertServesWithoutMasterAsync(trove, "It was ejected");
        await set.DeleteAsync(trove);
    }

    /// <summary>The control plane does not hear the agent, while clients go on writing to its database.</summary>
    [Fact]
    public async Task A_master_that_goes_on_serving_unheard_takes_no_write_beside_its_successor()
    {
        using var trove = await fixture.Service.LogInAsync();
        var set = await ServingSet.MakeAsync(trove, "unheard");
        ServingSet.Signal("STOP", LeftOvers.PidsOf(set.Master, Agent).Select(pid => $"{pid}"));
        var writing = WriteUntilRefusedAsync(set.Hosts[0]);

        await EjectAsync(
            trove, set, () => trove.DoAsync(HttpMethod.Post, $"instances/{set.Master}/action", new { eject_replica_source = new { } }));

        // Refused for good before the new master was opened: later writes would have met nobody.
        Assert.InRange(await writing.WaitAsync(Patience, TestContext.Current.CancellationToken), 2, int.MaxValue);
        await set.AssertServesWithoutMasterAsync(trove, "It was ejected");
        await set.DeleteAsync(trove);
    }

    private static async Task EjectAsync(TroveClient trove, ServingSet set, Func<Task> eject)
    {
        var (status, refusal) = await trove.SendAsync(
            HttpMethod.Post, $"instances/{set.Master}/action", new { eject_replica_source = new { } });
        Assert.Equal((400, true), (status, refusal!.ToJsonString().Contains("has a current heartbeat", StringComparison.Ordinal)));
        await Eventually.HoldsAsync(
            "its silence is seen",
            Patience,
            async () => (await trove.ShowAsync(set.Master))["operating_status"]!.GetValue<string>() == "ERROR");
        await eject();
        foreach (var slave in set.Slaves)
        {
            await trove.AwaitStatusAsync(slave, "ACTIVE", Patience);
        }
    }

    /// <returns>How many rows were taken.</returns>
    private static async Task<int> WriteUntilRefusedAsync(string host)
    {
        for (var row = 2; ; row++)
        {
            try
            {
                await Sql.RunAsync(host, "app", "secret", $"INSERT INTO shop.p VALUES ({row})");
            }
            catch (SqlFailedException)
            {
                return row - 2;
            }
        }
    }
}
