using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Guests;
using Dbaas.Simulation.Running;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.Scenarios.Tests;

/// <summary>An operation asks a guest for one thing at a time, and for a restart once.</summary>
public sealed class AskingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_restart_whose_start_takes_too_long_is_waited_for_and_stops_the_database_once()
    {
        using var world = await World.CreateAsync();
        var master = (await Sets.Master(world))[0];
        world.GuestFaults.Add("m1", "restart_server", GuestTrouble.DoAndFailTransiently, times: 3);

        await world.Api.RestartAsync(master);
        await world.SettleAsync();

        Assert.Equal(1, world.Guest(master).Database.Restarts);
        Assert.Null((await world.Api.FindAsync(master)).FaultMessage);
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task A_try_that_failed_for_reasons_of_the_control_plane_asks_nothing_new_while_the_agent_works()
    {
        using var world = await World.CreateAsync();
        var master = (await Sets.Master(world))[0];
        await world.Api.RestartAsync(master);

        Assert.IsType<GuestAnswer.Waiting>(await AskAsync(world, master, attempts: 0));
        Assert.IsType<GuestAnswer.Waiting>(await AskAsync(world, master, attempts: 1));

        Assert.Equal(1, await CommandsAsync(world));
    }

    [Theory]
    [InlineData("Succeeded", "", typeof(GuestAnswer.Succeeded), 1)]
    [InlineData("Failed", "Permanent", typeof(GuestAnswer.Failed), 1)]
    [InlineData("Failed", "Transient", typeof(GuestAnswer.Waiting), 2)]
    public async Task An_answer_to_an_earlier_try_counts_unless_trying_again_may_help(
        string outcome, string fault, Type expected, int commands)
    {
        using var world = await World.CreateAsync();
        var master = (await Sets.Master(world))[0];
        await world.Api.RestartAsync(master);
        await AskAsync(world, master, attempts: 0);
        var asked = Assert.Single(await world.Database.ReadAsync(unit => CommandRows.Waiting(unit, [master]), Cancel));
        var why = fault == "" ? "null" : $$"""{"kind":"{{fault}}","message":"why"}""";
        var reply = $$"""{"id":"{{asked.Id}}","outcome":"{{outcome}}","fault":{{why}}}""";
        await world.Database.WriteAsync(unit => CommandRows.Answer(unit, asked.Id, master, reply), Cancel);
        world.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.IsType(expected, await AskAsync(world, master, attempts: 1));
        Assert.Equal(commands, await CommandsAsync(world));
    }

    [Fact]
    public async Task What_was_answered_in_one_move_of_a_planner_is_asked_anew_in_the_next()
    {
        using var world = await World.CreateAsync();
        var master = (await Sets.Master(world))[0];
        await world.Api.RestartAsync(master);
        await AskAsync(world, master, attempts: 0, moves: 1);
        var asked = Assert.Single(await world.Database.ReadAsync(unit => CommandRows.Waiting(unit, [master]), Cancel));
        var reply = $$"""{"id":"{{asked.Id}}","outcome":"Succeeded"}""";
        await world.Database.WriteAsync(unit => CommandRows.Answer(unit, asked.Id, master, reply), Cancel);

        Assert.IsType<GuestAnswer.Succeeded>(await AskAsync(world, master, attempts: 0, moves: 1));
        Assert.IsType<GuestAnswer.Waiting>(await AskAsync(world, master, attempts: 0, moves: 2));
        Assert.Equal(2, await CommandsAsync(world));
    }

    [Fact]
    public async Task The_answer_to_a_second_try_is_found_when_its_asker_was_behind_the_first_ones_clock()
    {
        using var world = await World.CreateAsync();
        var master = (await Sets.Master(world))[0];
        await world.Api.RestartAsync(master);
        await AnswerAsync("Failed", attempts: 0);
        world.Clock.SetBack(TimeSpan.FromHours(1));
        await AnswerAsync("Succeeded", attempts: 1);

        Assert.IsType<GuestAnswer.Succeeded>(await AskAsync(world, master, attempts: 1));

        async Task AnswerAsync(string outcome, int attempts)
        {
            await AskAsync(world, master, attempts);
            var asked = Assert.Single(await world.Database.ReadAsync(unit => CommandRows.Waiting(unit, [master]), Cancel));
            var reply = $$"""{"id":"{{asked.Id}}","outcome":"{{outcome}}","fault":{"kind":"Transient","message":"why"} }""";
            await world.Database.WriteAsync(unit => CommandRows.Answer(unit, asked.Id, master, reply), Cancel);
        }
    }

    private static async Task<GuestAnswer> AskAsync(World world, string master, int attempts, long moves = 0)
    {
        var lease = TimeSpan.FromMinutes(5);
        var operation = await world.Database.WriteAsync(
            unit =>
            {
                var id = OperationRows.Active(unit, master).Single().Id;
                OperationRows.TryClaim(unit, id, 0, "tester", lease);
                return OperationRows.Find(unit, id)!;
            },
            Cancel);
        var clock = new DatabaseClock(world.Clock.Milliseconds, world.Clock);
        var context = new StepContext(operation with { Attempts = attempts, Moves = moves }, 1, world.Database, "tester", lease, clock);
        return await new GuestCommands(world.Signals).AskAsync(context, master, new RestartServer(), TimeSpan.FromMinutes(1), Cancel);
    }

    private static Task<int> CommandsAsync(World world) =>
        world.Database.ReadAsync(unit => unit.First<int>("SELECT COUNT(*) FROM guest_commands"), Cancel);
}
