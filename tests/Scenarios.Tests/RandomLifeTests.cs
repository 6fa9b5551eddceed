using Dbaas.Domain.Instances;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Guests;
using Dbaas.Simulation.Running;

namespace Dbaas.Scenarios.Tests;

/// <summary>
/// Users who ask for anything at any time, workers and agents that die, a cloud that goes away: in the end everything is in order.
/// </summary>
public sealed class RandomLifeTests
{
    private const int Lives = 40;
    private const int MostWishes = 1000;

    /// <summary>In each life; together more than two thousand.</summary>
    private const int Operations = 55;

    /// <summary>By command. What may fail for good leaves nothing behind; the rest is asked for again until it works.</summary>
    private static readonly SortedDictionary<string, GuestTrouble[]> Troubles = new(StringComparer.Ordinal)
    {
        ["restart_server"] = [GuestTrouble.FailForGood, GuestTrouble.FailTransiently, GuestTrouble.LoseAnswer, GuestTrouble.Delay],
        ["stop_server"] = [GuestTrouble.FailForGood, GuestTrouble.FailTransiently, GuestTrouble.LoseAnswer, GuestTrouble.Delay],
        ["start_server"] = [GuestTrouble.FailForGood, GuestTrouble.FailTransiently, GuestTrouble.LoseAnswer, GuestTrouble.Delay],
        ["prepare"] = [GuestTrouble.FailForGood, GuestTrouble.FailTransiently, GuestTrouble.LoseAnswer, GuestTrouble.Delay],
        ["get_replication_snapshot"] =
            [GuestTrouble.FailForGood, GuestTrouble.FailTransiently, GuestTrouble.LoseAnswer, GuestTrouble.Delay],
        ["load_replication_snapshot"] =
            [GuestTrouble.FailForGood, GuestTrouble.FailTransiently, GuestTrouble.LoseAnswer, GuestTrouble.Delay],
        ["attach_replication_slave"] =
            [GuestTrouble.FailForGood, GuestTrouble.FailTransiently, GuestTrouble.LoseAnswer, GuestTrouble.Delay],
        ["detach_replication_slave"] = [GuestTrouble.FailTransiently, GuestTrouble.LoseAnswer, GuestTrouble.Delay],
        ["forget_replication_slave"] = [GuestTrouble.FailTransiently, GuestTrouble.LoseAnswer, GuestTrouble.Delay],
        ["demote_replication_master"] = [GuestTrouble.FailTransiently, GuestTrouble.LoseAnswer, GuestTrouble.Delay],
    };

    public static TheoryData<int> Seeds => new(Enumerable.Range(1, Lives));

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_is_asked_for_in_whatever_order_everything_is_in_order_at_the_end(int seed)
    {
        using var world = await World.CreateAsync();
        await Sets.MasterWith(world, 1);

        var life = new Interleaving(world, seed) { DeathRate = 0.01, Others = (self, random) => AskAsync(world, self, random) };
        await life.RunAndCheckAsync(workers: 2);

        // A run in which nothing happened proves nothing.
        Assert.True(life.Claims >= 2 * Operations, $"{life.Claims} claims");
        Assert.True(life.Deaths >= 5, $"{life.Deaths} deaths");
        Assert.True(life.Switches >= 10 * Operations, $"{life.Switches} switches in the midst of an operation");
        Assert.True(await CountAsync(world) >= Operations, $"{await CountAsync(world)} operations");
    }

    private static Task<int> CountAsync(World world) =>
        world.Database.ReadAsync(unit => unit.First<int>("SELECT COUNT(*) FROM operations"), CancellationToken.None);

    private static async Task AskAsync(World world, Participant self, Random random)
    {
        for (var wish = 0; wish < MostWishes && await CountAsync(world) < Operations; wish++)
        {
            // Between two wishes others do something, and sometimes everything that is under way comes to its end.
            for (var pause = random.Next(1, 60); pause > 0; pause--)
            {
                await self.IdleAsync();
            }

            var rows = await world.Database.ReadAsync(InstanceRows.All, CancellationToken.None);
            var name = $"i{wish}";
            await MeetEverywhere.UnlessRefusedAsync(
                () => rows.Count < 3 ? world.Api.CreateAsync(name) : AskAsync(world, random, rows[random.Next(rows.Count)], name));
        }
    }

    private static Task AskAsync(World world, Random random, Instance one, string name) => random.Next(28) switch
    {
        0 => world.Api.CreateAsync(name),
        1 or 2 or 3 => world.Api.CreateSlaveAsync(name, one.SlaveOfId ?? one.Id),
        4 or 5 or 6 => DetachOneOf(world, random),
        7 or 8 => world.Api.DeleteAsync(one.Id),
        9 => world.Api.RestartAsync(one.Id),
        10 => world.LookAfterAsync(),
        11 or 12 => DieForAWhile(world, one.Id, TimeSpan.FromSeconds(random.Next(1, 200))),
        13 or 14 => MakeTrouble(world, random, one.Name),
        15 or 16 => world.Api.RebuildAsync(one.Id),
        17 => world.Api.ResizeVolumeAsync(one.Id, one.VolumeSize + 1),
        18 => world.Api.ResizeFlavorAsync(one.Id, one.FlavorId == "1" ? "2" : "1"),
        19 => world.Api.RebootAsync(one.Id),
        20 => world.Api.MigrateAsync(one.Id),
        21 => world.Api.UpdateAccessAsync(one.Id, "10.0.0.0/8"),
        22 => world.Api.StopAsync(one.Id),
        23 or 24 => world.Api.GiveUpAsync(one.Id),
        25 => world.Api.ForceDeleteAsync(one.Id),
        26 => SetClock(world),
        _ => GoAway(world, TimeSpan.FromSeconds(random.Next(1, 60))),
    };

    private static Task SetClock(World world)
    {
        world.Clock.SetBack(TimeSpan.FromHours(1));
        return Task.CompletedTask;
    }

    private static async Task DetachOneOf(World world, Random random)
    {
        var slaves = (await world.Database.ReadAsync(InstanceRows.All, CancellationToken.None))
            .Where(row => row.SlaveOfId is not null)
            .ToList();
        if (slaves.Count > 0)
        {
            await world.Api.DetachAsync(slaves[random.Next(slaves.Count)].Id);
        }
    }

    private static Task MakeTrouble(World world, Random random, string name)
    {
        var kinds = Troubles.Keys.ToList();
        var kind = kinds[random.Next(kinds.Count)];
        world.GuestFaults.Add(
            name, kind, Troubles[kind][random.Next(Troubles[kind].Length)], delay: TimeSpan.FromSeconds(random.Next(1, 100)));
        return Task.CompletedTask;
    }

    private static Task DieForAWhile(World world, string id, TimeSpan time)
    {
        if (world.Cloud.Guests.FirstOrDefault(guest => guest.InstanceId == id) is { IsAlive: true } guest)
        {
            guest.Die();
            world.In(time, guest.Restart);
        }

        return Task.CompletedTask;
    }

    private static Task GoAway(World world, TimeSpan time)
    {
        world.Cloud.Faults.GoAway(time);
        return Task.CompletedTask;
    }
}
