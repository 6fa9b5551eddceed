using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.TaskManager.Engine;
using Dbaas.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.TaskManager.Tests;

public sealed class OperationWorkerTests
{
    private const string Kind = "of-the-test";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Operations_that_cannot_be_claimed_keep_no_others_from_their_turn()
    {
        using var world = await World.CreateAsync();
        string[] damaged = [await AddAsync(world), await AddAsync(world), await AddAsync(world), await AddAsync(world)];
        await world.Database.WriteAsync(unit => unit.Execute("UPDATE operations SET goal = 'not what was sealed'"), Cancel);
        await world.PassAsync(TimeSpan.FromSeconds(1));
        var good = await AddAsync(world);
        using var worker = Start(world, world.Database, new Held());

        await worker.StartAsync(Cancel);
        await EndsAsync(world, good);

        await worker.StopAsync(Cancel);
        var due = await world.Database.ReadAsync(unit => OperationRows.FindDue(unit, TimeSpan.Zero, 100), Cancel);
        Assert.Empty(due.Select(one => one.Id).Intersect(damaged));
    }

    [Fact]
    public async Task A_worker_without_room_does_not_ask_what_is_due_until_there_is_some()
    {
        using var world = await World.CreateAsync();
        string[] both = [await AddAsync(world), await AddAsync(world)];
        var held = new Held { IsHeld = true };
        var database = new CountingDatabase(world.Database);
        using var worker = Start(world, database, held);
        await worker.StartAsync(Cancel);
        await held.Begun.WaitAsync(Patience, Cancel);
        var before = database.Reads;

        // A while, and news besides.
        for (var moment = 0; moment < 200; moment++)
        {
            world.Signals.OperationIsDue();
            await world.Database.ReadAsync(ControlPlaneRows.Now, Cancel);
            await Task.Yield();
        }

        Assert.InRange(database.Reads - before, 0, 2);
        held.LetGo();
        await EndsAsync(world, both[0]);
        await EndsAsync(world, both[1]);
        await worker.StopAsync(Cancel);
    }

    [Fact]
    public async Task A_call_that_takes_minutes_is_waited_for()
    {
        using var world = await World.CreateAsync();
        var id = await AddAsync(world);
        var held = new Held { IsHeld = true };
        using var worker = Start(world, world.Database, held);
        await worker.StartAsync(Cancel);
        await held.Begun.WaitAsync(Patience, Cancel);

        // Longer than all that a cloud's own limits add up to.
        await PassAsync(world, id, TimeSpan.FromMinutes(15));
        held.LetGo();

        await EndsAsync(world, id);
        await worker.StopAsync(Cancel);
    }

    [Fact]
    public async Task A_worker_that_stops_hands_its_operation_to_whoever_is_there()
    {
        using var world = await World.CreateAsync();
        var id = await AddAsync(world);
        var held = new Held { IsHeld = true };
        using var worker = Start(world, world.Database, held);
        await worker.StartAsync(Cancel);
        await held.Begun.WaitAsync(Patience, Cancel);

        await worker.StopAsync(Cancel);

        var left = (await world.Database.ReadAsync(unit => OperationRows.Find(unit, id), Cancel))!;
        Assert.Equal((OperationStatus.Running, null, null), (left.Status, left.Owner, left.LeaseUntil));
        using var other = Start(world, world.Database, new Held());
        await other.StartAsync(Cancel);
        await EndsAsync(world, id);
        await other.StopAsync(Cancel);
    }

    [Fact]
    public async Task A_call_without_an_end_is_ended()
    {
        using var world = await World.CreateAsync();
        var id = await AddAsync(world);
        var held = new Held { IsHeld = true };
        using var worker = Start(world, world.Database, held);
        await worker.StartAsync(Cancel);
        await held.Begun.WaitAsync(Patience, Cancel);

        await PassAsync(world, id, TimeSpan.FromMinutes(19.5));
        world.Clock.Advance(TimeSpan.FromMinutes(0.5));

        await EndsAsync(world, id, OperationStatus.Failed);
        await worker.StopAsync(Cancel);
    }

    [Fact]
    public async Task An_undo_that_never_comes_to_its_end_is_given_up()
    {
        using var world = await World.CreateAsync();
        var id = await AddAsync(world);
        using var worker = Start(world, world.Database, new NeverUndone());
        await worker.StartAsync(Cancel);

        await Eventually.SeeAsync(
            "the operation has ended",
            Patience,
            () =>
            {
                world.Clock.Advance(TimeSpan.FromSeconds(10));
                world.Signals.OperationIsDue();
                return world.Database.ReadAsync(unit => OperationRows.Find(unit, id)!.Status, Cancel);
            },
            status => status == OperationStatus.Failed);
        await worker.StopAsync(Cancel);
    }

    /// <summary>Time goes by, and whoever works on it keeps its claim.</summary>
    private static async Task PassAsync(World world, string id, TimeSpan time)
    {
        var turn = TimeSpan.FromSeconds(15);
        for (var passed = TimeSpan.Zero; passed < time; passed += turn)
        {
            var before = await LeaseAsync();
            world.Clock.Advance(turn);
            await Eventually.HoldsAsync($"the claim is kept after {passed + turn}", Patience, async () => await LeaseAsync() > before);
        }

        Task<long?> LeaseAsync() => world.Database.ReadAsync(unit => OperationRows.Find(unit, id)!.LeaseUntil, Cancel);
    }

    private static OperationWorker Start(World world, IDatabase database, Step<Nothing> step)
    {
        var options = new RunnerOptions { Owner = "worker", Parallel = 1, LookEvery = TimeSpan.FromHours(1) };
        var workflows = new Workflows(
        [
            new Workflow<Nothing>
            {
                Kind = Kind,
                Steps = [step],
                Begin = _ => new Nothing(),
                OnSucceeded = (_, _, _, _) => { },
                OnTurnedBack = (_, _, _, _) => { },
                OnAbandoned = (_, _, _, _, _) => { },
            },
        ]);
        var runner = new OperationRunner(database, workflows, options, world.Ids, world.Clock, NullLogger<OperationRunner>.Instance);
        return new OperationWorker(runner, database, world.Signals, options, NullLogger<OperationWorker>.Instance);
    }

    private static async Task<string> AddAsync(World world)
    {
        var id = world.Ids.NewId();
        await world.Database.WriteAsync(
            unit => OperationRows.Insert(unit, id, Kind, world.Ids.NewId(), "a goal", world.Clock.Milliseconds), Cancel);
        return id;
    }

    private static Task<OperationStatus> EndsAsync(
        World world, string id, OperationStatus how = OperationStatus.Succeeded) => Eventually.SeeAsync(
        "the operation has ended",
        Patience,
        () => world.Database.ReadAsync(unit => OperationRows.Find(unit, id)!.Status, Cancel),
        status => status == how);

    public sealed record Nothing;

    private sealed class Held : Step<Nothing>
    {
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsHeld { get; init; }

        public Task Begun => begun.Task;

        public override string Name => "a step";

        public void LetGo() => end.SetResult();

        public override async Task<StepOutcome<Nothing>> EnsureAsync(
            StepContext context, Nothing state, CancellationToken cancellationToken)
        {
            begun.TrySetResult();
            if (IsHeld)
            {
                await end.Task.WaitAsync(cancellationToken);
            }

            return Done(state);
        }
    }

    private sealed class NeverUndone : Step<Nothing>
    {
        public override string Name => "a step";

        public override TimeSpan UndoTimeLimit => TimeSpan.FromMinutes(2);

        public override Task<StepOutcome<Nothing>> EnsureAsync(StepContext context, Nothing state, CancellationToken cancellationToken) =>
            Task.FromResult<StepOutcome<Nothing>>(Failed("It cannot be done."));

        public override Task<UndoOutcome> UndoAsync(StepContext context, Nothing state, CancellationToken cancellationToken) =>
            Task.FromResult<UndoOutcome>(new UndoOutcome.NotYet(TimeSpan.FromSeconds(1)));
    }

    private sealed class CountingDatabase(IDatabase inner) : IDatabase
    {
        private int reads;

        public int Reads => Volatile.Read(ref reads);

        public Task<T> ReadAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref reads);
            return inner.ReadAsync(work, cancellationToken);
        }

        public Task<T> WriteAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) =>
            inner.WriteAsync(work, cancellationToken);
    }
}
