using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Files;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>A root who watches for the service's accounts: whoever has one as a role when it gets SYSTEM_USER has the server.</summary>
public sealed class MySqlServiceAccountTests(MySqlFixture fixture) : IClassFixture<MySqlFixture>
{
    [Fact]
    public async Task An_account_that_root_took_while_it_was_made_is_dropped_and_made_anew()
    {
        // With its log on from the start: nothing ends the connection.
        var master = await fixture.NewMasterAsync(BinaryLogMode.Always);
        await master.Accounts.EnableRootAsync("root's", CancellationToken.None);
        var slave = await fixture.NewSlaveAsync();
        await using var root = await fixture.ConnectAsync(master, "root", "root's");
        var account = "";
        CutPoint.Watch = passed =>
        {
            if (passed.StartsWith("GRANT REPLICATION SLAVE", StringComparison.Ordinal))
            {
                CutPoint.Watch = null;
                account = passed[(passed.IndexOf(" TO ", StringComparison.Ordinal) + 4)..];
                root.ExecuteAsync($"GRANT {account} TO 'root'@'%'").GetAwaiter().GetResult();
            }
        };

        var fault = await Assert.ThrowsAsync<DatastoreException>(() => fixture.OfferAsync(master, slave));
        CutPoint.Watch = null;

        Assert.Equal(FaultKind.Transient, fault.Kind);
        Assert.Empty((await fixture.LookAsync(master)).ReplicationUsers);
        await fixture.OfferAsync(master, slave);
        Assert.Single((await fixture.LookAsync(master)).ReplicationUsers, user => account.Contains(user, StringComparison.Ordinal));
        await fixture.IsRefusedAsync(master, "root", "root's", $"SET ROLE {account}");
        await fixture.IsRefusedAsync(master, "root", "root's", $"GRANT {account} TO 'root'@'%'");
    }
}
