using Dbaas.Datastores.Contract;
using Dbaas.Testing;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>What those who may log in to a slave can say there, and what becomes of it: it stays its master's slave.</summary>
[Needs("accounts", "replication")]
public abstract class SlaveUserCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Whatever_a_user_or_root_says_on_a_slave_it_goes_on_with_its_masters_history()
    {
        var password = fixture.Secret("root's password");
        var pair = await fixture.NewPairAsync();
        await pair.Master.Accounts.EnableRootAsync(password, None);
        foreach (var statement in fixture.SlaveStatements.OnTheMaster)
        {
            await fixture.ExecuteAsync(pair.Master, statement);
        }

        await fixture.InsertAsync(pair.Master, 2);
        await fixture.ArrivesAsync(pair.Slave, 2);

        // What only a start does to a table is there to be found as well.
        await pair.Slave.Server.RestartAsync(() => { }, None);
        await fixture.InsertAsync(pair.Master, 3);
        await fixture.ArrivesAsync(pair.Slave, 3);
        foreach (var (user, secret) in new[] { (DatastoreFixture.App.Name, DatastoreFixture.App.Password), ("root", password) })
        {
            foreach (var statements in fixture.SlaveStatements.OnTheSlave)
            {
                await SayAsync(pair.Slave, user, secret, statements);
                await StaysAsync(pair, $"{user}: {string.Join("; ", statements)}");
            }
        }

        if (fixture.SlaveStatements.Mended is { } words)
        {
            Assert.Contains(pair.Slave.Log, line => line.Contains(words, StringComparison.Ordinal));
        }

        await fixture.InsertAsync(pair.Master, 4);
        await fixture.ArrivesAsync(pair.Slave, 4);
        Assert.Equal([1, 2, 3, 4], await fixture.ReadAsync(pair.Slave));
    }

    private async Task SayAsync(TestInstance slave, string user, string password, IReadOnlyList<string> statements)
    {
        await using var client = await fixture.ConnectAsync(slave, user, password);
        foreach (var statement in statements)
        {
            try
            {
                await client.ExecuteAsync(statement);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Refused is as good.
            }
        }
    }

    /// <summary>The looks at it are what mends it.</summary>
    private static async Task StaysAsync(TestPair pair, string statement)
    {
        var master = await pair.Master.Replication.GetPositionAsync(None);
        await Eventually.SeeAsync(
            $"the master's history after {statement}",
            TimeSpan.FromSeconds(60),
            async () => (Report: await pair.Slave.ReportAsync(), Position: await pair.Slave.Replication.CompareAsync(master, None)),
            seen => seen.Report is { Receiving: true, Applying: true, LastError: null } && seen.Position is PositionComparison.Equal);
    }
}
