using Dbaas.Domain.Instances;
using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Running;

namespace Dbaas.Scenarios.Tests;

/// <summary>Several workers at once, in orders that seeds decide.</summary>
public sealed class ConcurrencyTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 12));

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Three_slaves_of_one_master_are_built_side_by_side(int seed)
    {
        using var world = await World.CreateAsync();
        var master = (await Sets.Master(world))[0];
        var slaves = await AskAsync([1, 2, 3], number => world.Api.CreateSlaveAsync($"s{number}", master));

        await new Interleaving(world, seed).RunAndCheckAsync(workers: 2);

        foreach (var slave in slaves)
        {
            Assert.Equal(Lifecycle.Ready, (await world.Api.FindAsync(slave)).Lifecycle);
        }

        Assert.Equal(1, world.Guest(master).Database.Epoch);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task The_last_two_slaves_detached_at_once_demote_their_master_exactly_once(int seed)
    {
        using var world = await World.CreateAsync();
        var there = await Sets.MasterWith(world, 2);
        await AskAsync([1, 2], number => world.Api.DetachAsync(there[number]));

        await new Interleaving(world, seed).RunAsync(workers: 2);

        await Invariants.CheckAsync(world);
        Assert.Equal(1, world.Guest(there[0]).Database.Demotions);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Two_workers_that_race_for_one_operation_do_it_once(int seed)
    {
        using var world = await World.CreateAsync();
        var master = (await Sets.Master(world))[0];
        await world.Api.RestartAsync(master);

        await new Interleaving(world, seed).RunAndCheckAsync(workers: 3);

        Assert.Equal(1, world.Guest(master).Database.Restarts);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Workers_that_die_all_the_time_still_get_everything_done(int seed)
    {
        using var world = await World.CreateAsync();
        var there = await Sets.MasterWith(world, 2);
        await world.Api.DetachAsync(there[1]);
        await world.Api.DeleteAsync(there[2]);
        var slave = await world.Api.CreateSlaveAsync("s3", there[0]);
        var other = await world.Api.CreateAsync("m2");

        await new Interleaving(world, seed) { DeathRate = 0.03 }.RunAndCheckAsync(workers: 2);

        Assert.True((await world.Api.FindAsync(there[2])).Deleted);
        Assert.Null((await world.Api.FindAsync(there[1])).SlaveOfId);
        Assert.Equal(
            (Lifecycle.Ready, there[0]), ((await world.Api.FindAsync(slave)).Lifecycle, (await world.Api.FindAsync(slave)).SlaveOfId));
        Assert.Equal(Lifecycle.Ready, (await world.Api.FindAsync(other)).Lifecycle);
    }

    private static async Task<string[]> AskAsync(int[] numbers, Func<int, Task<string>> ask)
    {
        List<string> answers = [];
        foreach (var number in numbers)
        {
            answers.Add(await ask(number));
        }

        return [.. answers];
    }
}
