using Dbaas.Simulation;
using Dbaas.Simulation.Running;

namespace Dbaas.Scenarios.Tests;

/// <summary>Worlds to begin with.</summary>
internal static class Sets
{
    public static Task<string[]> Nothing(World world) => Task.FromResult<string[]>([]);

    public static Task<string[]> Master(World world) => MasterWith(world, 0);

    /// <summary>A master <c>m1</c>, and a backup <c>b1</c> of it.</summary>
    /// <returns>Their ids.</returns>
    public static async Task<string[]> MasterWithBackup(World world)
    {
        var there = await Master(world);
        var backup = await world.Api.BackUpAsync("b1", there[0]);
        await world.SettleAsync();
        return [there[0], backup];
    }

    /// <summary>A master <c>m1</c>, and a configuration group.</summary>
    /// <returns>Their ids.</returns>
    public static async Task<string[]> MasterAndGroup(World world)
    {
        var there = await Master(world);
        return [there[0], await world.Api.MakeGroupAsync("wide", """{"max_connections": 200}""")];
    }

    /// <summary>The same, of which the master has the group.</summary>
    public static async Task<string[]> MasterWithGroup(World world)
    {
        var there = await MasterAndGroup(world);
        await world.Api.SetGroupAsync(there[0], there[1]);
        await world.SettleAsync();
        return there;
    }

    /// <summary>A backup <c>f1</c> that another service took.</summary>
    /// <returns>Its id, and where it is.</returns>
    public static async Task<string[]> FromAnother(World world)
    {
        var location = world.Foreign.Add("f1");
        var backup = await world.Api.RegisterAsync("f1", location);
        await world.SettleAsync();
        return [backup, location];
    }

    /// <summary>A master <c>m1</c> with a slave <c>s1</c>, and a backup <c>b1</c> that its log goes on from.</summary>
    /// <returns>Their ids.</returns>
    public static async Task<string[]> PairWithBackup(World world)
    {
        var there = await MasterWith(world, 1);
        var backup = await world.Api.BackUpAsync("b1", there[0]);
        await world.SettleAsync();
        return [there[0], there[1], backup];
    }

    /// <summary>A master <c>m1</c> whose server is dead, with slaves <c>s1</c>, <c>s2</c>, …</summary>
    /// <returns>Their ids, the master's first.</returns>
    public static async Task<string[]> DeadMasterWith(World world, int slaves)
    {
        var there = await MasterWith(world, slaves);
        world.Guest(there[0]).Die();
        await world.PassAsync(TimeSpan.FromMinutes(2));
        await world.LetGuestsReportAsync();
        return there;
    }

    /// <summary>A master <c>m1</c> with slaves <c>s1</c>, <c>s2</c>, …</summary>
    /// <returns>Their ids, the master's first.</returns>
    public static async Task<string[]> MasterWith(World world, int slaves)
    {
        List<string> there = [await world.Api.CreateAsync("m1")];
        await world.SettleAsync();
        for (var number = 1; number <= slaves; number++)
        {
            there.Add(await world.Api.CreateSlaveAsync($"s{number}", there[0]));
        }

        await world.SettleAsync();
        return [.. there];
    }
}
