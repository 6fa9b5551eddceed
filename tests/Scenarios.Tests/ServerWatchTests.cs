using Dbaas.Cloud.Ports;
using Dbaas.Domain.Instances;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.Simulation.Running;
using Dbaas.TaskManager.Upkeep;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.Scenarios.Tests;

/// <summary>Servers that vanish, and things that belong to nothing.</summary>
public sealed class ServerWatchTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_the_plane_denies_twice_a_minute_apart_has_vanished()
    {
        using var world = await World.CreateAsync();
        var id = (await Sets.Master(world))[0];
        await world.Cloud.DeleteServerAsync(id, Cancel);
        await world.PassAsync(Minute);
        await world.Cloud.DeleteServerAsync(id, Cancel);

        await WatchAsync(world);
        Assert.Equal(Lifecycle.Ready, (await world.Api.FindAsync(id)).Lifecycle);
        await world.PassAsync(Minute);
        await WatchAsync(world);

        var row = await world.Api.FindAsync(id);
        Assert.Equal(Lifecycle.Broken, row.Lifecycle);
        Assert.Contains("does not exist any more", row.FaultMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_is_silently_incomplete_harms_nobody()
    {
        using var world = await World.CreateAsync();
        var id = (await Sets.Master(world))[0];
        world.Cloud.Faults.HideFromLists = true;

        for (var look = 0; look < 4; look++)
        {
            await WatchAsync(world);
            await SweepAsync(world);
            await world.PassAsync(Minute);
        }

        Assert.Equal(Lifecycle.Ready, (await world.Api.FindAsync(id)).Lifecycle);
        Assert.NotNull(await world.Cloud.FindServerAsync(id, Cancel));
    }

    [Fact]
    public async Task What_our_database_has_never_heard_of_is_reported_and_stays_until_an_administrator_says_otherwise()
    {
        using var world = await World.CreateAsync();
        await world.Cloud.EnsureVolumeAsync(new VolumeSpec { Key = "yesterday", SizeGb = 1 }, Cancel);
        await world.Cloud.EnsurePortAsync(
            new PortSpec { Key = "yesterday", Access = new PortAccess { TcpPorts = [3306] } }, Cancel);

        await SweepAsync(world);

        Assert.Equal(
            [("port", "yesterday"), ("volume", "yesterday")],
            (await LeftoversAsync(world)).Select(one => (one.Kind, one.Subject)));
        await world.Database.WriteAsync(unit => LeftoverRows.Want(unit, "volume", "yesterday"), Cancel);
        await SweepAsync(world);
        Assert.Equal([("port", "yesterday")], (await LeftoversAsync(world)).Select(one => (one.Kind, one.Subject)));
        Assert.Null(await world.Cloud.FindVolumeAsync("yesterday", Cancel));
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(6, 6)]
    public async Task What_has_a_tombstone_goes_but_not_too_much_at_once(int left, int stays)
    {
        using var world = await World.CreateAsync();
        await LeaveBehindAsync(world, "first", left);

        await SweepAsync(world);

        Assert.Equal(stays, PortsLeft(world));
    }

    [Fact]
    public async Task What_was_removed_within_the_hour_counts()
    {
        using var world = await World.CreateAsync();
        await LeaveBehindAsync(world, "first", 4);
        await SweepAsync(world);
        Assert.Equal(0, PortsLeft(world));
        await LeaveBehindAsync(world, "second", 4);

        await SweepAsync(world);
        Assert.Equal(4, PortsLeft(world));

        await world.PassAsync(TimeSpan.FromMinutes(61));
        await SweepAsync(world);
        Assert.Equal(0, PortsLeft(world));
    }

    /// <summary>Ports of instances that were deleted some time ago.</summary>
    private static async Task LeaveBehindAsync(World world, string name, int ports)
    {
        for (var number = 0; number < ports; number++)
        {
            var id = await world.Api.CreateAsync($"{name}{number}");
            await world.SettleAsync();
            await world.Api.DeleteAsync(id);
            await world.SettleAsync();
            await world.Cloud.EnsurePortAsync(new PortSpec { Key = id, Access = new PortAccess { TcpPorts = [3306] } }, Cancel);
        }

        await world.PassAsync(11 * Minute);
    }

    private static int PortsLeft(World world) => world.Cloud.Everything.Count(thing => thing.Kind == "port");

    private static Task WatchAsync(World world) =>
        new ServerWatch(world.Cloud, world.Database, world.Ids).LookAsync(Cancel);

    private static Task SweepAsync(World world) => new Leftovers(
        world.Cloud, world.Cloud, world.Cloud, world.Database, world.Ids, world.Clock, NullLogger<Leftovers>.Instance).LookAsync(Cancel);

    private static Task<IReadOnlyList<Leftover>> LeftoversAsync(World world) => world.Database.ReadAsync(LeftoverRows.All, Cancel);
}
