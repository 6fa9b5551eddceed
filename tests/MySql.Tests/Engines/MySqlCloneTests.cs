using Dbaas.Datastores.Conformance;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>The plug-in without which a master can have no slave.</summary>
public sealed class MySqlCloneTests(MySqlFixture fixture) : IClassFixture<MySqlFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>As after a start on a full volume.</summary>
    [Fact]
    public async Task A_server_that_started_without_it_is_started_again_for_its_next_slave_and_only_then()
    {
        var master = await fixture.NewMasterAsync();
        await fixture.InsertAsync(master, 1);
        var slave = await fixture.NewSlaveAsync();
        await fixture.OfferAsync(master, slave, "first");
        var starts = master.Supervisor.Starts;
        await fixture.OfferAsync(master, slave, "first");
        Assert.Equal(starts, master.Supervisor.Starts);
        await using (var session = await MySqlFamilyFixture.OpenAsync(master))
        {
            await session.ExecuteAsync("UNINSTALL PLUGIN clone", None);
        }

        await fixture.AttachAsync(master, slave);

        Assert.Equal(starts + 1, master.Supervisor.Starts);
        Assert.Equal([1], await fixture.ReadAsync(slave));
    }
}
