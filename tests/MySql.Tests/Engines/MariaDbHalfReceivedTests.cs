using Dbaas.Datastores.Conformance;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Testing;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>A master that is gone in the middle of sending a transaction.</summary>
public sealed class MariaDbHalfReceivedTests(MariaDbFixture fixture) : IClassFixture<MariaDbFixture>
{
    private const int KilobytesPerSecond = 1024;
    private const int Rows = 20;
    private const long Megabyte = 1 << 20;

    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>It was received only in part, so it counts neither as received nor as lost, and nobody waits for its end.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task A_transaction_that_was_received_half_holds_nothing_up(bool andTheSlavesServerIsKilled, bool isToTakeOver)
    {
        var pair = await fixture.NewPairAsync();
        await using (var session = await MySqlFamilyFixture.OpenAsync(pair.Slave))
        {
            await session.ExecuteAsync($"SET GLOBAL read_binlog_speed_limit = {KilobytesPerSecond}", None);
        }

        await fixture.ExecuteAsync(pair.Master, fixture.CreateFiller);
        await using (var client = await fixture.ConnectAsync(pair.Master, DatastoreFixture.App.Name, DatastoreFixture.App.Password))
        {
            await client.ExecuteAsync(fixture.Words.Begin);
            for (var row = 0; row < Rows; row++)
            {
                await client.ExecuteAsync(fixture.InsertFiller(1024));
            }

            await client.ExecuteAsync("COMMIT");
        }

        await Eventually.HoldsAsync("a part of it is there", TimeSpan.FromSeconds(60), async () =>
        {
            await pair.Slave.ReportAsync();
            return new DirectoryInfo(Path.Combine(pair.Slave.Host.VolumePath, "relaylog")).EnumerateFiles().Sum(file => file.Length)
                > 3 * Megabyte;
        });
        pair.Master.Supervisor.Kill();
        await pair.Master.Server.StopAsync(None);
        if (andTheSlavesServerIsKilled)
        {
            pair.Slave.Supervisor.Kill();
        }

        await pair.Slave.Server.StartAsync(None);
        if (isToTakeOver)
        {
            await pair.Slave.Replication.StopReceivingAsync(None);
            await pair.Slave.Replication.PromoteReplicationSlaveAsync(None);
        }
        else
        {
            await pair.Slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, None);
        }

        Assert.Equal([1], await fixture.ReadAsync(pair.Slave));
        await using var left = await fixture.ConnectAsync(pair.Slave, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
        Assert.Equal([0], await left.ReadAsync(fixture.CountFiller));
    }
}
