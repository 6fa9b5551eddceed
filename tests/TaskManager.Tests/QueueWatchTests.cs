using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Tests.Guests;
using Dbaas.TaskManager.Upkeep;
using Dbaas.Testing.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.TaskManager.Tests;

public sealed class QueueWatchTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_due_claimed_and_asked_is_told_with_the_age_of_the_oldest()
    {
        using var world = await World.CreateAsync();
        using var record = new MeterRecord(QueueWatch.Name);
        await AddAsync(world);
        await world.PassAsync(TimeSpan.FromSeconds(40));
        await AddAsync(world);
        var claimed = await AddAsync(world);
        await world.Database.WriteAsync(
            unit =>
            {
                OperationRows.TryClaim(unit, claimed, 0, "worker", TimeSpan.FromMinutes(5));
                CommandRows.Ensure(unit, Command(world, "open", world.Clock.Milliseconds + 60_000));
                CommandRows.Ensure(unit, Command(world, "expired", world.Clock.Milliseconds - 1));
                CommandRows.Ensure(unit, Command(world, "answered", long.MaxValue));
                CommandRows.Answer(unit, "answered", "i", "{}");
            },
            Cancel);
        using var watch = Watch(world);

        await watch.LookAsync(Cancel);

        Assert.Equal(2, Now(record, "dbaas.operations", "due"));
        Assert.Equal(1, Now(record, "dbaas.operations", "claimed"));
        Assert.InRange(Now(record, "dbaas.operations.oldest.age", "due")!.Value, 40, 41);
        Assert.Equal(
            (1.0, 1.0, 1.0),
            (Now(record, "dbaas.commands", "open"), Now(record, "dbaas.commands", "expired"), Now(record, "dbaas.commands", "answered")));
        Assert.Equal(0, Now(record, "dbaas.commands.oldest.age", "open"));
    }

    [Fact]
    public async Task Guests_are_told_by_state_and_those_that_are_silent_apart()
    {
        using var record = new MeterRecord(QueueWatch.Name);
        await using var node = await GatewayNode.StartAsync();
        await node.ReportAsync(await node.InstanceAsync());
        node.Clock.Advance(TimeSpan.FromSeconds(90));
        await node.ReportAsync(await node.InstanceAsync());
        await node.ReportAsync(await node.InstanceAsync());
        using var watch = new QueueWatch(node.Database, GatewayNode.Options, node.Clock, NullLogger<QueueWatch>.Instance);

        await watch.LookAsync(Cancel);

        Assert.Equal(2, Now(record, "dbaas.guests", "Healthy"));
        Assert.Equal(1, Now(record, "dbaas.guests", "silent"));
        Assert.InRange(Now(record, "dbaas.guests.oldest.age", "silent")!.Value, 90, 91);
    }

    [Fact]
    public async Task Who_is_silent_is_judged_by_the_databases_clock()
    {
        using var record = new MeterRecord(QueueWatch.Name);
        await using var node = await GatewayNode.StartAsync();
        await node.ReportAsync(await node.InstanceAsync());
        using var watch = new QueueWatch(
            node.Database, GatewayNode.Options, new Ahead(node.Clock), NullLogger<QueueWatch>.Instance);

        await watch.LookAsync(Cancel);

        Assert.Equal(1, Now(record, "dbaas.guests", "Healthy"));
        Assert.InRange(Now(record, "dbaas.guests.oldest.age", "Healthy")!.Value, 0, 1);
    }

    [Fact]
    public async Task What_could_not_be_looked_at_for_long_is_not_told_any_more_and_without_listeners_nobody_looks()
    {
        using var world = await World.CreateAsync();
        await AddAsync(world);
        using var watch = Watch(world);
        await watch.LookAsync(Cancel);
        using var record = new MeterRecord(QueueWatch.Name);
        Assert.Null(Now(record, "dbaas.operations", "due"));

        await watch.LookAsync(Cancel);
        Assert.Equal(1, Now(record, "dbaas.operations", "due"));
        world.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Null(Now(record, "dbaas.operations", "due"));
    }

    private static QueueWatch Watch(World world) =>
        new(world.Database, new GuestOptions(), world.Clock, NullLogger<QueueWatch>.Instance);

    /// <summary>What it says at the moment; null: nothing.</summary>
    private static double? Now(MeterRecord record, string instrument, string state)
    {
        var before = record.Of(instrument, "state", state).Count;
        var all = record.Of(instrument, "state", state);
        return all.Count > before ? all[^1].Value : null;
    }

    private static async Task<string> AddAsync(World world)
    {
        var id = world.Ids.NewId();
        await world.Database.WriteAsync(
            unit => OperationRows.Insert(unit, id, OperationKinds.Restart, world.Ids.NewId(), null, world.Clock.Milliseconds), Cancel);
        return id;
    }

    private static GuestCommandRow Command(World world, string id, long expires) => new()
    {
        Id = id, InstanceId = "i", Kind = "ping", Body = "{}", DeadlineSeconds = 1, Created = world.Clock.Milliseconds, Expires = expires,
    };

    /// <summary>The clock of a machine that is four minutes ahead.</summary>
    private sealed class Ahead(TimeProvider database) : TimeProvider
    {
        public override long TimestampFrequency => database.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => database.GetUtcNow().AddMinutes(4);

        public override long GetTimestamp() => database.GetTimestamp();
    }
}
