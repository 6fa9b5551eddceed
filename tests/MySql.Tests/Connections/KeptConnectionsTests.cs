using System.Globalization;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.GuestProtocol.Commands;
using Dbaas.GuestProtocol.Reports;
using Dbaas.MySql.Tests.Engines;

namespace Dbaas.MySql.Tests.Connections;

/// <summary>A login costs the server more than all that is asked after it, and there are many servers on one machine.</summary>
public sealed class KeptConnectionsTests(MariaDbFixture fixture) : IClassFixture<MariaDbFixture>
{
    private const int Looks = 5;
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Looks_and_calls_open_no_connection_and_a_look_is_two_questions()
    {
        var server = await fixture.AloneAsync();
        Assert.Equal(ServerState.Healthy, (await server.Server.GetStatusAsync(None)).State);
        await server.Accounts.ListDatabasesAsync(new ListDatabases(10, null), None);
        await using var session = await new ServerConnections(new ServerLayout(server.Host).Socket).OpenAsync(None);
        var before = await CountAsync(session);

        for (var look = 0; look < Looks; look++)
        {
            Assert.Equal(ServerState.Healthy, (await server.Server.GetStatusAsync(None)).State);
        }

        var looked = await CountAsync(session);
        await server.Accounts.ListDatabasesAsync(new ListDatabases(10, null), None);
        var called = await CountAsync(session);

        Assert.Equal((before.Connections, before.Connections), (looked.Connections, called.Connections));

        // The one of the count itself is among them.
        Assert.InRange(looked.Questions - before.Questions, Looks + 1, (2 * Looks) + 1);
    }

    private static async Task<(long Connections, long Questions)> CountAsync(Session session)
    {
        var status = (await session.ShowAsync("SHOW GLOBAL STATUS WHERE Variable_name IN ('Connections', 'Questions')", None))
            .ToDictionary(row => row["Variable_name"]!, row => long.Parse(row["Value"]!, CultureInfo.InvariantCulture));
        return (status["Connections"], status["Questions"]);
    }
}
