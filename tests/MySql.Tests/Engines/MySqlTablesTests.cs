using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>Tables that CLONE does not copy.</summary>
public sealed class MySqlTablesTests(MySqlFixture fixture) : IClassFixture<MySqlFixture>
{
    [Fact]
    public async Task They_cannot_be_made_and_where_there_are_some_no_slave_is_made_that_lacks_their_rows()
    {
        var master = await fixture.NewMasterAsync();
        foreach (var engine in new[] { "MyISAM", "MEMORY", "CSV", "ARCHIVE", "BLACKHOLE" })
        {
            var refusal = await Assert.ThrowsAnyAsync<Exception>(
                () => fixture.ExecuteAsync(master, $"CREATE TABLE t (n INT NOT NULL) ENGINE = {engine}"));
            Assert.Contains("disabled", refusal.Message, StringComparison.Ordinal);
        }

        // As a server of an earlier version may have one.
        await MakeByAnEarlierVersionAsync(master, "CREATE TABLE shop.old (n INT) ENGINE = MyISAM");
        var slave = await fixture.NewSlaveAsync();

        var fault = await Assert.ThrowsAsync<DatastoreException>(() => fixture.OfferAsync(master, slave));

        Assert.Equal(FaultKind.Precondition, fault.Kind);
        Assert.Contains("shop.old (MyISAM)", fault.Message, StringComparison.Ordinal);
        await fixture.ExecuteAsync(master, "ALTER TABLE old ENGINE = InnoDB");
        await fixture.OfferAsync(master, slave);
    }

    private static async Task MakeByAnEarlierVersionAsync(TestInstance master, string statement)
    {
        var file = new ServerLayout(master.Host).OptionFile;
        await master.Server.StopAsync(CancellationToken.None);
        var lines = await File.ReadAllLinesAsync(file);
        await File.WriteAllLinesAsync(file, lines.Where(line => !line.StartsWith("disabled_storage_engines", StringComparison.Ordinal)));
        await master.Supervisor.EnsureStartedAsync(
            new ProcessSpec("mysqld", [$"--defaults-file={file}"]) { UserId = master.Host.UserId }, CancellationToken.None);
        await Dbaas.Testing.Eventually.HoldsAsync("the table is made", TimeSpan.FromSeconds(60), async () =>
        {
            await using var session = await new ServerConnections(new ServerLayout(master.Host).Socket).OpenAsync(CancellationToken.None);
            await session.ExecuteAsync(statement, CancellationToken.None);
            return true;
        });
        await master.Server.RestartAsync(() => { }, CancellationToken.None);
    }
}
