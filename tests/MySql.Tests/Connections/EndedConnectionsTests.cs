using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.MySql.Tests.Engines;
using Dbaas.Testing;

namespace Dbaas.MySql.Tests.Connections;

/// <summary>Connections are ended by an agent that has little memory: what their clients say is no business of its.</summary>
public sealed class EndedConnectionsTests(MariaDbFixture fixture) : IClassFixture<MariaDbFixture>
{
    private const int Clients = 10;
    private const int StatementSize = 60_000;
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task What_clients_are_saying_is_not_read_when_they_are_ended()
    {
        var server = await fixture.AloneAsync();
        await server.Accounts.EnableRootAsync("root's", None);
        var talking = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            var client = await fixture.ConnectAsync(server, "root", "root's");
            return (Client: client, Ended: client.ExecuteAsync($"SELECT SLEEP(300), '{new string('x', StatementSize)}'"));
        }));
        await using var session = await new ServerConnections(new ServerLayout(server.Host).Socket).OpenAsync(None);
        await Eventually.SeeAsync(
            "all of them are talking",
            TimeSpan.FromSeconds(60),
            async () => (
                Talking: await session.NumberAsync("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE LENGTH(INFO) > 50000", None),
                Failed: talking.FirstOrDefault(one => one.Ended.IsFaulted).Ended?.Exception?.Message),
            seen => seen.Talking == Clients);
        var before = await SentAsync(session);

        await server.Accounts.DisableRootAsync(None);

        Assert.InRange(await SentAsync(session) - before, 1, StatementSize);
        foreach (var (client, ended) in talking)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => ended);
            await client.DisposeAsync();
        }
    }

    private static async Task<long> SentAsync(Session session) => (await session.NumberAsync(
        "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'BYTES_SENT'", None))!.Value;
}
