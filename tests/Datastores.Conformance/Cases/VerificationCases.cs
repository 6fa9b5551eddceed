using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>Restored data is read as a whole, on a server that serves nobody.</summary>
[Needs("backups", "accounts")]
public abstract class VerificationCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Of every kind, with odd names, and with what would change rows by itself.</summary>
    [Fact]
    public async Task Good_data_is_found_as_it_is_where_it_was_backed_up_and_nothing_in_it_acts()
    {
        var source = await fixture.NewMasterAsync(fixture.LogToFollow);
        await fixture.InsertAsync(source, 1, 2, 3);
        await using (var client = await fixture.ConnectAsync(source, DatastoreFixture.App.Name, DatastoreFixture.App.Password))
        {
            foreach (var statement in fixture.Words.Kinds.SelectMany(kind => kind.Statements).Concat(fixture.Words.Restless))
            {
                await client.ExecuteAsync(statement);
            }
        }

        var full = await source.TakeAsync();
        await fixture.InsertAsync(source, 4);
        var second = await source.TakeAsync(full);
        var expected = (await fixture.FindingsOfAsync(source)).Where(IsAtRest).ToList();
        var target = await fixture.PreparedAsync();
        await target.Datastore.Backups!.RestoreAsync(BackupTools.Stored(full, second), None);
        var progress = new Watched();

        var found = await target.Datastore.Backups!.VerifyAsync(progress, None);

        Assert.Empty(found.Faults);
        Assert.True(expected.Count > 5, $"{expected.Count} tables");
        Assert.Equal(expected, found.Tables.Where(IsAtRest));
        Assert.InRange(progress.Done, 1, progress.Expected);
        var again = await target.Datastore.Backups!.VerifyAsync(new Watched(), None);
        Assert.Empty(again.Faults);
        Assert.Equal(found.Tables, again.Tables);
    }

    [Fact]
    public async Task Damaged_data_is_told_with_the_name_of_its_table_and_the_others_are_read()
    {
        var target = await RestoredAsync();
        var name = fixture.DamageRows(target);

        var found = await target.Datastore.Backups!.VerifyAsync(new Watched(), None);

        var fault = Assert.Single(found.Faults);
        TestContext.Current.TestOutputHelper?.WriteLine(fault);
        Assert.StartsWith(name, fault, StringComparison.Ordinal);
        Assert.DoesNotContain(name, found.Tables.Select(table => table.Name));
        Assert.Contains(found.Tables, table => table.Name.Contains(fixture.TableBehindRows, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Data_on_which_no_server_starts_is_told_in_the_servers_words()
    {
        var target = await RestoredAsync();
        fixture.DamageEngine(target);

        var found = await target.Datastore.Backups!.VerifyAsync(new Watched(), None);

        TestContext.Current.TestOutputHelper?.WriteLine(Assert.Single(found.Faults));
        Assert.StartsWith("The server does not start on the data", found.Faults[0], StringComparison.Ordinal);
        Assert.DoesNotContain("no message", found.Faults[0], StringComparison.Ordinal);
        Assert.Empty(found.Tables);
    }

    [Fact]
    public async Task What_has_no_data_or_serves_is_not_verified()
    {
        var waiting = await fixture.PreparedAsync();
        await Faults.IsAsync(FaultKind.Precondition, () => waiting.Datastore.Backups!.VerifyAsync(new Watched(), None));

        var serving = await fixture.AloneAsync();
        await Faults.IsAsync(FaultKind.Precondition, () => serving.Datastore.Backups!.VerifyAsync(new Watched(), None));
        Assert.NotNull(await fixture.ReadAsync(serving));
    }

    [Fact]
    public async Task A_verification_that_is_ended_says_nothing_about_the_data_and_can_be_begun_anew()
    {
        var target = await RestoredAsync();
        using var end = new CancellationTokenSource();
        var progress = new Watched { OnFirst = end.Cancel };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => target.Datastore.Backups!.VerifyAsync(progress, end.Token));

        var killed = new Watched { OnFirst = () => Assert.Equal(1, target.Processes.Kill(fixture.ServerName)) };
        await Faults.IsAsync(FaultKind.Transient, () => target.Datastore.Backups!.VerifyAsync(killed, None));
        Assert.Empty((await target.Datastore.Backups!.VerifyAsync(new Watched(), None)).Faults);
    }

    private async Task<TestInstance> RestoredAsync()
    {
        var source = await fixture.SourceAsync();
        await fixture.ExecuteAsync(source, fixture.CreateBehindRows);

        // What was written a moment ago is in the redo log too, from which a server would make it again, whatever is done to its pages.
        await source.Server.RestartAsync(() => { }, None);
        var target = await fixture.PreparedAsync();
        await target.Datastore.Backups!.RestoreAsync(BackupTools.Stored(await source.TakeAsync()), None);
        return target;
    }

    private bool IsAtRest(TableFinding table) => !table.Name.Contains(fixture.Words.RestlessTable, StringComparison.Ordinal);

    private sealed class Watched : IJobProgress
    {
        private Action? _onFirst;

        public Action? OnFirst { init => _onFirst = value; }

        public long Expected { get; private set; }

        public long Done { get; private set; }

        public void Expect(long bytes) => Expected = bytes;

        public void Advance(long bytes)
        {
            Done += bytes;
            Interlocked.Exchange(ref _onFirst, null)?.Invoke();
        }
    }
}
