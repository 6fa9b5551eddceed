using Dbaas.Datastores.Conformance;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>Time zones by their names, and a clock that does not depend on where a server runs.</summary>
public abstract class TimeZoneTests<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    [Fact]
    public async Task A_new_server_and_its_slave_know_named_zones_and_their_own_is_utc()
    {
        var pair = await fixture.PairAsync();
        foreach (var server in new[] { pair.Master, pair.Slave })
        {
            Assert.Equal(
                7, Assert.Single(await ReadAsync(server, "SELECT HOUR(CONVERT_TZ('2026-01-01 06:00:00', 'UTC', 'Europe/Berlin'))")));
            Assert.Equal(
                8, Assert.Single(await ReadAsync(server, "SELECT HOUR(CONVERT_TZ('2026-07-01 06:00:00', 'UTC', 'Europe/Berlin'))")));
            Assert.Equal(1, Assert.Single(await ReadAsync(server, "SELECT @@system_time_zone = 'UTC'")));
        }
    }

    private async Task<IReadOnlyList<int>> ReadAsync(TestInstance server, string query)
    {
        await using var client = await fixture.ConnectAsync(server, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
        return await client.ReadAsync(query);
    }
}

public sealed class MariaDbTimeZoneTests(MariaDbFixture fixture) : TimeZoneTests<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MySqlTimeZoneTests(MySqlFixture fixture) : TimeZoneTests<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;
