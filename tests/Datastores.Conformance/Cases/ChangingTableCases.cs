using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.Testing;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>Backups while the owner of a table changes what it is, over and over, each way by itself.</summary>
[Needs("backups", "accounts")]
public abstract class ChangingTableCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(TableChange.Copied)]
    [InlineData(TableChange.InPlace)]
    [InlineData(TableChange.AtOnce)]
    [InlineData(TableChange.Optimized)]
    [InlineData(TableChange.Emptied)]
    [InlineData(TableChange.Dropped)]
    [InlineData(TableChange.Renamed)]
    public async Task A_backup_while_a_table_is_changed_is_restored_whole_or_fails_and_says_why(TableChange change)
    {
        var source = await fixture.NewMasterAsync(fixture.LogToFollow);
        await fixture.InsertAsync(source, 1, 2, 3);
        await SayAsync(source, fixture.Words.MakeChanging);
        Taken full, second;
        await using (var changing = Changing.Begin(fixture, source, fixture.Words.Change(change)))
        {
            full = await TakeAsync(source, changing, parent: null);
            await fixture.InsertAsync(source, 4);
            second = await TakeAsync(source, changing, full);
        }

        var restored = await fixture.RestoreAsync(full, second);

        Assert.Equal([1, 2, 3, 4], await fixture.ReadAsync(restored));
        if (change is not (TableChange.Dropped or TableChange.Renamed))
        {
            await using var owner = await fixture.ConnectAsync(restored, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
            var rows = Assert.Single(await owner.ReadAsync(fixture.Words.CountChanging));
            Assert.True(rows == fixture.Words.ChangingRows || (change is TableChange.Emptied && rows == 0), $"{rows} rows");
        }

        await SayAsync(restored, [.. fixture.Words.ClearChanging, .. fixture.Words.MakeChanging, .. fixture.Words.Change(change)]);
    }

    /// <summary>No server here has a key for them, and no user can give it one: so no backup lacks that key.</summary>
    [Fact]
    public async Task A_table_that_the_engine_encrypts_cannot_be_made()
    {
        var source = await fixture.SourceAsync();

        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => fixture.ExecuteAsync(source, fixture.Encrypted.Statement));

        TestContext.Current.TestOutputHelper?.WriteLine(refusal.Message);
        Assert.Contains(fixture.Encrypted.Word, refusal.Message, StringComparison.OrdinalIgnoreCase);
    }

    private async Task SayAsync(TestInstance instance, IReadOnlyList<string> statements)
    {
        await using var client = await fixture.ConnectAsync(instance, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
        foreach (var statement in statements)
        {
            await client.ExecuteAsync(statement);
        }
    }

    /// <summary>One during which the table changed; where that is a fault, one of when it has stopped.</summary>
    private static async Task<Taken> TakeAsync(TestInstance source, Changing changing, Taken? parent)
    {
        var objects = new DirectObjects { Hold = _ => changing.GoesOnAsync() };
        try
        {
            return await source.TakeAsync(parent, objects);
        }
        catch (DatastoreException e)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{e.Kind}: {e.Message}");
            Assert.Equal(FaultKind.Transient, e.Kind);
            Assert.Null(objects.Size);
            Assert.Contains(":", e.Message, StringComparison.Ordinal);
        }

        await changing.StopAsync();
        return await source.TakeAsync(parent);
    }

    /// <summary>Says the statements of a change, round after round.</summary>
    private sealed class Changing : IAsyncDisposable
    {
        private readonly CancellationTokenSource enough = new();
        private readonly Task work;
        private volatile int rounds;

        private Changing(DatastoreFixture fixture, TestInstance source, IReadOnlyList<string> statements) => work = Task.Run(async () =>
        {
            await using var client = await fixture.ConnectAsync(source, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
            for (; !enough.IsCancellationRequested; rounds++)
            {
                foreach (var statement in statements)
                {
                    await client.ExecuteAsync(statement);
                }
            }
        });

        public static Changing Begin(DatastoreFixture fixture, TestInstance source, IReadOnlyList<string> statements) =>
            new(fixture, source, statements);

        /// <summary>Until the table was changed once more from beginning to end.</summary>
        public Task GoesOnAsync()
        {
            var before = rounds;
            return Eventually.HoldsAsync("the table is changed meanwhile", Patience, () => rounds >= before + 2 || work.IsCompleted);
        }

        public async Task StopAsync()
        {
            await enough.CancelAsync();
            await work;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            enough.Dispose();
            TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} rounds.");
        }
    }
}

/// <summary>What a table's owner does with it.</summary>
public enum TableChange
{
    /// <summary>Another shape, by a copy of all rows.</summary>
    Copied,

    /// <summary>Another index, in the table itself.</summary>
    InPlace,

    /// <summary>Another column, by a note about it.</summary>
    AtOnce,

    /// <summary>The same, in less room.</summary>
    Optimized,

    /// <summary>All rows taken away, and others added.</summary>
    Emptied,

    /// <summary>Taken away and made again.</summary>
    Dropped,

    /// <summary>Called otherwise and back.</summary>
    Renamed,
}
