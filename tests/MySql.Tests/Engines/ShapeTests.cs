using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>Parameters of a master without which nobody can read its data, and one that CLONE finds too small.</summary>
public abstract class ShapeTests<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_slave_has_what_shaped_its_masters_data_and_is_refused_when_it_was_asked_for_something_else()
    {
        var master = await NewAsync(new()
        {
            ["lower_case_table_names"] = "1", ["innodb_page_size"] = "8k", ["max_allowed_packet"] = "1048576",
        });
        await master.Server.StartAsync(None);
        await master.Accounts.EnsureAsync([new DatabaseSpec(DatastoreFixture.Database)], [DatastoreFixture.App], None);
        await fixture.ExecuteAsync(master, fixture.CreateRows);
        await fixture.ExecuteAsync(master, "CREATE TABLE Mixed (n INT PRIMARY KEY)");
        await fixture.InsertAsync(master, 1);
        var slave = await NewAsync([], forSlave: true);
        await fixture.AttachAsync(master, slave);
        await fixture.ExecuteAsync(master, "INSERT INTO MIXED VALUES (7)");
        await fixture.InsertAsync(master, 2);
        await fixture.ArrivesAsync(slave, 2);
        await slave.Server.RestartAsync(() => { }, None);
        await fixture.ArrivesAsync(slave, 2);

        var other = await NewAsync(new() { ["innodb_page_size"] = "16k" }, forSlave: true);
        var offer = await fixture.OfferAsync(master, other);

        var fault = await Assert.ThrowsAsync<DatastoreException>(() => other.Replication.LoadAsync(offer.Snapshot, None));

        Assert.Equal(FaultKind.Precondition, fault.Kind);
        Assert.Contains("innodb_page_size", fault.Message, StringComparison.Ordinal);
    }

    private async Task<TestInstance> NewAsync(Dictionary<string, string> configuration, bool forSlave = false)
    {
        var instance = fixture.NewInstance();
        await instance.Server.InitializeAsync(fixture.Settings(forSlave) with { Configuration = configuration }, None);
        return instance;
    }
}

public sealed class MariaDbShapeTests(MariaDbFixture fixture) : ShapeTests<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MySqlShapeTests(MySqlFixture fixture) : ShapeTests<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;
