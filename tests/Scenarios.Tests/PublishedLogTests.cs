using Dbaas.Cloud.Ports;
using Dbaas.Domain.Logs;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.Simulation.Running;

namespace Dbaas.Scenarios.Tests;

/// <summary>What becomes of published logs later.</summary>
public sealed class PublishedLogTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_of_a_published_log_goes_with_its_instance_also_what_comes_late()
    {
        using var world = await World.CreateAsync();
        var (id, log) = await PublishedAsync(world);
        await world.Api.DeleteAsync(id);
        await world.SettleAsync();
        Assert.NotEmpty(world.Objects.All);

        await world.RemoveUnneededLogPartsAsync();
        Assert.Empty(world.Objects.All);
        world.Objects.Put(new StoredName(log.Place, "late"), [1]);
        world.Clock.Advance(TimeSpan.FromMinutes(9));
        await world.RemoveUnneededLogPartsAsync();
        Assert.NotEmpty(world.Objects.All);

        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.RemoveUnneededLogPartsAsync();
        Assert.Empty(world.Objects.All);
        Assert.Null(await world.Database.ReadAsync(unit => GuestLogRows.Find(unit, log.Id), Cancel));
    }

    [Fact]
    public async Task What_was_published_goes_after_thirty_days_and_the_log_goes_on_where_it_was()
    {
        using var world = await World.CreateAsync();
        var (_, log) = await PublishedAsync(world);

        world.Clock.Advance(TimeSpan.FromDays(29));
        await world.RemoveUnneededLogPartsAsync();
        Assert.Equal(3, world.Objects.All[log.Place].Count);
        world.Clock.Advance(TimeSpan.FromDays(2));
        await world.RemoveUnneededLogPartsAsync();

        Assert.Empty(world.Objects.All);
        Assert.Equal(300, (await world.Database.ReadAsync(unit => GuestLogRows.Find(unit, log.Id), Cancel))!.Reached);
    }

    [Fact]
    public async Task What_an_earlier_run_left_in_the_store_goes_with_the_next_one()
    {
        using var world = await World.CreateAsync();
        var (id, log) = await PublishedAsync(world);
        world.Objects.Put(new StoredName(log.Place, "00000003-of-another"), [1]);

        await world.PublishLogAsync(id, new PublishLogGoal(false, true));
        await world.SettleAsync();

        Assert.Equal(
            (await world.Database.ReadAsync(unit => GuestLogRows.Parts(unit, log.Id), Cancel)).Select(part => part.Object),
            world.Objects.All[log.Place]);
    }

    private static async Task<(string Id, PublishedLog Log)> PublishedAsync(World world)
    {
        var id = (await Sets.Master(world))[0];
        await world.PublishLogAsync(id, new PublishLogGoal(false, true));
        await world.SettleAsync();
        var log = (await world.Database.ReadAsync(unit => GuestLogRows.Of(unit, id), Cancel))[0];
        Assert.Equal(3, world.Objects.All[log.Place].Count);
        return (id, log);
    }
}
