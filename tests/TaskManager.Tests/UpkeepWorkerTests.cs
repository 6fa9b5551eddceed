using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Tests.Guests;
using Dbaas.TaskManager.Upkeep;
using Dbaas.Testing;
using Dbaas.Testing.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.TaskManager.Tests;

public sealed class UpkeepWorkerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>A service that is new on a cloud that is away for a moment has no flavors until this has worked.</summary>
    [Fact]
    public async Task What_failed_is_tried_again_soon_and_then_at_its_own_pace()
    {
        using var world = await World.CreateAsync();
        var (clock, upkeep) = (world.Clock, new FailsAtFirst(2, TimeSpan.FromMinutes(1)));
        using var worker = Start(world, "node", upkeep);

        await worker.StartAsync(CancellationToken.None);
        var begun = clock.GetUtcNow();
        await Eventually.HoldsAsync("it has looked three times", Patience, () =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(50));
            return upkeep.Looks >= 3;
        });
        Assert.InRange(clock.GetUtcNow() - begun, TimeSpan.Zero, upkeep.Every / 2);

        begun = clock.GetUtcNow();
        await Eventually.HoldsAsync("it has looked again", Patience, () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return upkeep.Looks >= 4;
        });
        Assert.True(clock.GetUtcNow() - begun >= upkeep.Every, "That was before its time.");
        await worker.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_goes_on_failing_is_tried_at_its_own_pace_at_least()
    {
        using var world = await World.CreateAsync();
        var (clock, upkeep) = (world.Clock, new FailsAtFirst(10, TimeSpan.FromSeconds(1)));
        using var worker = Start(world, "node", upkeep);

        await worker.StartAsync(CancellationToken.None);
        var begun = clock.GetUtcNow();
        await Eventually.HoldsAsync("it has looked eleven times", Patience, () =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            return upkeep.Looks >= 11;
        });

        Assert.InRange(clock.GetUtcNow() - begun, TimeSpan.Zero, 60 * upkeep.Every);
        await worker.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task One_node_does_each_kind_and_another_one_at_once_when_it_goes_in_good_order()
    {
        using var measured = new MeterRecord(UpkeepMeter.Name);
        using var world = await World.CreateAsync();
        var (here, there) = (new Kind(), new Kind());
        using var one = Start(world, "one", here);
        using var other = Start(world, "other", there);
        await one.StartAsync(CancellationToken.None);
        await UntilAsync(world, "the first one looks", () => here.Looks > 3);
        await other.StartAsync(CancellationToken.None);
        await PassAsync(world, TimeSpan.FromMinutes(1), () => here.Looks);
        Assert.Equal(0, there.Looks);

        await one.StopAsync(CancellationToken.None);
        var (before, gone) = (here.Looks, world.Clock.Steady);
        await UntilAsync(world, "the other one looks", () => there.Looks > 0);

        Assert.InRange(world.Clock.Steady - gone, TimeSpan.Zero, TimeSpan.FromSeconds(8));
        Assert.Equal(before, here.Looks);
        Assert.Equal(2, measured.Of("dbaas.upkeep.takes", "kind", nameof(Kind)).Count);
        await other.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_node_that_has_lost_the_database_stops_before_another_one_begins_within_half_a_minute()
    {
        using var world = await World.CreateAsync();
        var (here, there) = (new Kind(), new Kind());
        var cut = new RecordingDatabase(world.Database);
        using var one = Start(world, "one", here, cut);
        using var other = Start(world, "other", there);
        await one.StartAsync(CancellationToken.None);
        await UntilAsync(world, "the first one looks", () => here.Looks > 3);
        await other.StartAsync(CancellationToken.None);

        cut.IsAway = true;
        var gone = world.Clock.Steady;
        var atTheEnd = 0;
        await UntilAsync(world, "the other one looks", () =>
        {
            atTheEnd = there.Looks == 0 ? here.Looks : atTheEnd;
            return there.Looks > 0;
        });
        Assert.InRange(world.Clock.Steady - gone, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30));

        await PassAsync(world, TimeSpan.FromMinutes(1), () => there.Looks);
        Assert.Equal(atTheEnd, here.Looks);
        await one.StopAsync(CancellationToken.None);
        await other.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_is_a_nodes_own_is_done_by_each_and_who_comes_back_to_the_same_place_goes_on_at_once()
    {
        using var world = await World.CreateAsync();
        Kind[] own = [new(UpkeepScope.EveryNode), new(UpkeepScope.EveryNode)];
        using var one = Start(world, "one", own[0]);
        using var other = Start(world, "other", own[1]);
        await one.StartAsync(CancellationToken.None);
        await other.StartAsync(CancellationToken.None);
        await UntilAsync(world, "both look", () => own.All(kind => kind.Looks > 2));

        // As after a kill: nothing was given back.
        await world.Database.WriteAsync(
            unit =>
            {
                UpkeepLeaseRows.Ensure(unit, nameof(Kind));
                Assert.True(UpkeepLeaseRows.TryTake(unit, nameof(Kind), "place", TimeSpan.FromMinutes(1)));
            },
            CancellationToken.None);
        var again = new Kind();
        using var restarted = Start(world, "place", again);
        var begun = world.Clock.Steady;
        await restarted.StartAsync(CancellationToken.None);
        await UntilAsync(world, "it looks", () => again.Looks > 0);

        Assert.InRange(world.Clock.Steady - begun, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        await Task.WhenAll(new[] { one, other, restarted }.Select(worker => worker.StopAsync(CancellationToken.None)));
    }

    private static UpkeepWorker Start(World world, string seat, IUpkeep upkeep, IDatabase? database = null) => new(
        [upkeep], new RunnerOptions { Owner = seat }, database ?? world.Database, world.Clock, NullLoggerFactory.Instance);

    private static Task UntilAsync(World world, string what, Func<bool> isSo) => Eventually.HoldsAsync(what, Patience, () =>
    {
        world.Clock.Advance(TimeSpan.FromMilliseconds(500));
        return isSo();
    });

    private static async Task PassAsync(World world, TimeSpan time, Func<int> looks)
    {
        for (var end = world.Clock.Steady + time; world.Clock.Steady < end;)
        {
            var before = looks();
            await UntilAsync(world, "the next look", () => looks() > before);
        }
    }

    private sealed class Kind(UpkeepScope scope = UpkeepScope.OneNode) : IUpkeep
    {
        private int looks;

        public int Looks => Volatile.Read(ref looks);

        public UpkeepScope Scope => scope;

        public TimeSpan Every => TimeSpan.FromSeconds(1);

        public Task LookAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref looks);
            return Task.CompletedTask;
        }
    }

    private sealed class FailsAtFirst(int times, TimeSpan every) : IUpkeep
    {
        private int looks;

        public int Looks => Volatile.Read(ref looks);

        public TimeSpan Every => every;

        public Task LookAsync(CancellationToken cancellationToken) =>
            Interlocked.Increment(ref looks) <= times ? throw new InvalidOperationException("The cloud is away.") : Task.CompletedTask;
    }
}
