using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Reports;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.Simulation.Running;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Upkeep;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.Scenarios.Tests;

/// <summary>Which replication users a master reports, and which of them are swept.</summary>
public sealed class KnownSlavesTests
{
    private const string Nobody = "ffffffff-0000-7000-8000-00000000ffff";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_slaves_of_a_master_are_kept_and_only_the_user_of_nobody_is_swept_however_many_there_are()
    {
        using var world = await World.CreateAsync();
        var master = (await Sets.Master(world))[0];
        List<string> slaves = [];
        for (var number = 1; number <= 70; number++)
        {
            slaves.Add(await world.Api.CreateSlaveAsync($"s{number}", master));
        }

        await ReportAsync(world, master, [.. slaves, Nobody]);
        await SweepAsync(world);
        await SweepAsync(world);

        var kept = (await world.Database.ReadAsync(unit => GuestRows.Find(unit, master), Cancel))!.KnownSlaves.Split(' ');
        Assert.Equal([.. slaves.Order(StringComparer.Ordinal), Nobody], kept);
        var goal = Assert.Single(await ForgottenAsync(world, master));
        Assert.Contains(Nobody, goal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_deleted_master_said_last_starts_nothing()
    {
        using var world = await World.CreateAsync();
        var master = (await Sets.Master(world))[0];
        await ReportAsync(world, master, [Nobody]);
        await world.Api.DeleteAsync(master);
        await world.SettleAsync();

        await SweepAsync(world);

        Assert.Empty(await ForgottenAsync(world, master));
    }

    private static Task<ReportReceipt> ReportAsync(World world, string master, IReadOnlyList<string> slaves) =>
        new GuestReports(world.Database, new GuestOptions(), world.Clock, NullLogger<GuestReports>.Instance).AcceptAsync(
            master,
            new GuestReport
            {
                AgentVersion = "1", State = ServerState.Healthy, Replication = new ReplicationReport { KnownSlaves = slaves },
            },
            Cancel);

    private static Task SweepAsync(World world) =>
        new OrphanedSlaveUsers(world.Database, world.Signals, world.Ids, world.Clock).LookAsync(Cancel);

    private static Task<List<string>> ForgottenAsync(World world, string master) => world.Database.ReadAsync(
        unit => OperationRows.Active(unit, master).Where(one => one.Kind == OperationKinds.ForgetSlave)
            .Select(one => OperationRows.Find(unit, one.Id)!.Goal!).ToList(),
        Cancel);
}
