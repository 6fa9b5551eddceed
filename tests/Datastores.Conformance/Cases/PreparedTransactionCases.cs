using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Testing;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>Transactions that one client prepares and another one ends, before, in and behind a backup and in the log behind it.</summary>
[Needs("backups", "accounts", "log-archive")]
public abstract class PreparedTransactionCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_was_prepared_is_prepared_at_each_moment_and_can_be_ended_there()
    {
        var source = await fixture.NewMasterAsync(BinaryLogMode.Always);
        await using var archive = await RunningArchive.BeginAsync(source);
        await PrepareAsync(source, "before", 1);
        var full = await source.TakeAsync();
        await PrepareAsync(source, "behind", 2);
        await fixture.InsertAsync(source, 3);
        await EndAsync(source, fixture.Words.CommitPrepared("before"));
        var moment = await LogTools.NextSecondAsync();
        await LogTools.NextSecondAsync();
        await PrepareAsync(source, "not wanted", 4);
        await EndAsync(source, fixture.Words.CommitPrepared("behind"));
        await EndAsync(source, fixture.Words.RollbackPrepared("not wanted"));
        await fixture.InsertAsync(source, 5);
        await PrepareAsync(source, "last", 6);
        await archive.CatchUpAsync();

        var (early, _) = await fixture.RestoreAsync([full], [archive.Log], new RestoreTarget(moment, null));
        Assert.Equal([1, 3], await fixture.ReadAsync(early));
        await fixture.ExecuteAsync(early, fixture.Words.CommitPrepared("behind"));
        Assert.Equal([1, 2, 3], await fixture.ReadAsync(early));

        var (late, reached) = await fixture.RestoreAsync([full], [archive.Log], new RestoreTarget(TimeProvider.System.GetUtcNow(), null));
        Assert.Equal([1, 2, 3, 5], await fixture.ReadAsync(late));
        Assert.Equal(archive.Log.Reached!.Position, reached.Position);
        await fixture.ExecuteAsync(late, fixture.Words.CommitPrepared("last"));
        Assert.Equal([1, 2, 3, 5, 6], await fixture.ReadAsync(late));
    }

    private async Task PrepareAsync(TestInstance source, string name, int row)
    {
        await using var client = await fixture.ConnectAsync(source, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
        foreach (var statement in fixture.Words.Prepare(name, fixture.InsertRow(row)))
        {
            await client.ExecuteAsync(statement);
        }
    }

    /// <summary>The engine may take a moment to see that who prepared it is gone.</summary>
    private Task EndAsync(TestInstance source, string statement) => Eventually.HoldsAsync(
        "what was prepared is ended",
        Patience,
        async () =>
        {
            try
            {
                await fixture.ExecuteAsync(source, statement);
                return true;
            }
            catch (Exception e) when (e.Message.Contains(fixture.Words.NoPrepared, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        });
}
