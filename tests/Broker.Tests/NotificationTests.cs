using System.Text.Json.Nodes;
using Dbaas.Domain.Notices;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.Simulation.Running;
using Dbaas.TaskManager;
using Dbaas.TaskManager.Upkeep;
using Dbaas.Testing.RabbitMq;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Broker.Tests;

/// <summary>What operations do is heard by OpenStack's own listener.</summary>
public sealed class NotificationTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Debians_listener_hears_the_life_of_an_instance_in_troves_words()
    {
        using var world = await World.CreateAsync(checksUnits: true);
        await using var listener = await OsloListener.StartAsync(broker.Server.Url, "life");
        await using var teller = await TellerAsync(world, broker.Server, "life");
        var id = await world.Api.CreateAsync("db");
        await world.SettleAsync();
        await world.Api.DeleteAsync(id);
        await world.SettleAsync();

        await teller.LookAsync();

        await listener.AwaitAsync("trove.instance.delete");
        Assert.Equal(
            [
                "dbaas.instance_create.start", "dbaas.instance_create.end", "trove.instance.create",
                "dbaas.instance_delete.start", "dbaas.instance_delete.end", "trove.instance.delete",
            ],
            listener.Events);
        var created = listener.Heard[1];
        Assert.Equal("taskmanager.node-1", created["publisher"]!.GetValue<string>());
        Assert.Equal(id, created["payload"]!["instance_id"]!.GetValue<string>());
        Assert.Equal("mariadb", created["payload"]!["datastore"]!.GetValue<string>());
        Assert.Equal("api.node-1", listener.Heard[0]["publisher"]!.GetValue<string>());
        var used = listener.Heard[2]["payload"]!;
        Assert.Equal("active", used["state"]!.GetValue<string>());
        Assert.Equal(id, used["instance_id"]!.GetValue<string>());
        Assert.Equal(6, listener.Heard.Select(one => one["metadata"]!["message_id"]!.GetValue<string>()).Distinct().Count());
        Assert.Empty(await world.Database.ReadAsync(unit => NoticeRows.Oldest(unit, 10), Cancel));
    }

    [Fact]
    public async Task What_exists_is_told_once_for_each_hour_that_is_over()
    {
        using var world = await World.CreateAsync(checksUnits: true);
        await using var listener = await OsloListener.StartAsync(broker.Server.Url, "hours");
        await using var teller = await TellerAsync(world, broker.Server, "hours");
        await teller.LookAsync();
        var id = await world.Api.CreateAsync("db");
        await world.SettleAsync();
        world.Clock.Advance(TimeSpan.FromHours(1));

        await teller.LookAsync();
        await using (var another = await TellerAsync(world, broker.Server, "hours"))
        {
            await another.LookAsync();
        }

        world.Clock.Advance(TimeSpan.FromHours(1));
        await teller.LookAsync();

        await Dbaas.Testing.Eventually.SeeAsync(
            "two hours are told", TimeSpan.FromMinutes(1),
            () => Task.FromResult(listener.Events.Count(one => one == "trove.instance.exists")), count => count == 2);
        JsonNode[] told = [.. listener.Heard.Where(one => one["event"]!.GetValue<string>() == "trove.instance.exists")];
        Assert.All(told, one => Assert.Equal(id, one["payload"]!["instance_id"]!.GetValue<string>()));
        Assert.Equal(
            told[0]["payload"]!["audit_period_ending"]!.GetValue<string>(),
            told[1]["payload"]!["audit_period_beginning"]!.GetValue<string>());
        Assert.EndsWith(":00:00Z", told[0]["payload"]!["audit_period_beginning"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_happens_while_the_broker_is_away_is_told_when_it_is_back_and_of_too_much_the_oldest_is_dropped()
    {
        await using var server = await RabbitMqServer.StartAsync();
        using var world = await World.CreateAsync(checksUnits: true);
        await using var teller = await TellerAsync(world, server, "away", most: 5);
        await teller.LookAsync();
        await server.KillAsync();
        for (var count = 0; count < 4; count++)
        {
            await world.Api.CreateAsync($"db{count}");
        }

        await world.SettleAsync();

        await teller.LookAsync();
        var waiting = await world.Database.ReadAsync(unit => NoticeRows.Oldest(unit, 100), Cancel);
        Assert.Equal(5, waiting.Count);
        Assert.Equal("dbaas.instance_create.end", waiting[^1].Event);

        await server.StartAgainAsync();
        await using var listener = await OsloListener.StartAsync(server.Url, "away");
        await teller.LookAsync();
        await Dbaas.Testing.Eventually.SeeAsync(
            "all that waited is heard", TimeSpan.FromMinutes(1), () => Task.FromResult(listener.Events),
            events => events.Count(one => one.StartsWith("dbaas.", StringComparison.Ordinal)) == 5);
        Assert.Empty(await world.Database.ReadAsync(unit => NoticeRows.Oldest(unit, 10), Cancel));
    }

    private static async Task<Teller> TellerAsync(World world, RabbitMqServer server, string exchange, int most = 10_000) => new(
        await Node.StartAsync(
            new BrokerOptions { Url = new Uri(server.Url), NodeName = "node-1", Exchange = exchange },
            services => services
                .AddSingleton(world.Database)
                .AddSingleton<TimeProvider>(world.Clock)
                .AddNotices(new NoticeOptions { Most = most })));

    private sealed record Teller(Node Node) : IAsyncDisposable
    {
        public Task LookAsync() => Node.Get<IUpkeep>().LookAsync(Cancel);

        public ValueTask DisposeAsync() => Node.DisposeAsync();
    }
}
