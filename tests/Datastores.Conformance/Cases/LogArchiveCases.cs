using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Testing;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>A server as it was at a moment: by a backup and the log behind it.</summary>
[Needs("backups", "accounts", "log-archive")]
public abstract class LogArchiveCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_server_comes_back_as_it_was_at_each_of_several_moments_over_restarts_of_it_and_of_its_agent()
    {
        var source = await fixture.NewMasterAsync(BinaryLogMode.Always);
        await fixture.InsertAsync(source, 1);
        var logs = new List<DirectLog>();
        var moments = new List<DateTimeOffset>();
        var wanted = new List<IReadOnlyList<int>>();
        async Task MomentAsync()
        {
            // What is committed from here on is of another second.
            moments.Add(await LogTools.NextSecondAsync());
            wanted.Add(await fixture.ReadAsync(source));
            await LogTools.NextSecondAsync();
        }

        Taken full;
        await using (var first = await RunningArchive.BeginAsync(source))
        {
            full = await source.TakeAsync();
            await fixture.InsertAsync(source, 2);
            await MomentAsync();
            await fixture.InsertAsync(source, 3);
            await first.CatchUpAsync();
            logs.Add(first.Log);
        }

        await fixture.ExecuteAsync(source, fixture.DeleteRow(1));
        await source.Server.RestartAsync(() => { }, None);
        await fixture.ExecuteAsync(source, fixture.CreateFiller);
        await using (var second = await RunningArchive.BeginAsync(source, logs[0]))
        {
            await fixture.InsertAsync(source, 4);
            await second.CatchUpAsync();
            await MomentAsync();
            logs.Add(second.Log);
        }

        source.Supervisor.Kill();
        await source.RestartAgentAsync();
        await source.Server.StartAsync(None);
        await fixture.InsertAsync(source, 5);
        await MomentAsync();
        await using (var third = await RunningArchive.BeginAsync(source, logs[1]))
        {
            await fixture.ExecuteAsync(source, fixture.InsertFiller(64));
            await fixture.InsertAsync(source, 6);
            await third.CatchUpAsync();
            logs.Add(third.Log);
        }

        Assert.All(logs, log => Assert.Null(log.Gap));
        for (var i = 0; i < moments.Count; i++)
        {
            var (restored, reached) = await fixture.RestoreAsync([full], logs, new RestoreTarget(moments[i], null));

            Assert.Equal(wanted[i], await fixture.ReadAsync(restored));
            Assert.True(reached.Committed <= moments[i], $"{reached}, {moments[i]:O}");
            Assert.NotEmpty(reached.Position);
            await fixture.InsertAsync(restored, 100);
            await restored.Supervisor.StopAsync(TimeSpan.Zero, None);
        }

        var (latest, end) = await fixture.RestoreAsync([full], logs, new RestoreTarget(TimeProvider.System.GetUtcNow(), null));
        Assert.Equal([2, 3, 4, 5, 6], await fixture.ReadAsync(latest));
        Assert.Equal(logs[^1].Reached!.Committed, end.Committed);
    }

    [Fact]
    public async Task A_server_that_rests_costs_no_part()
    {
        var source = await fixture.NewMasterAsync(BinaryLogMode.Always);
        await using var archive = await RunningArchive.BeginAsync(source);
        await fixture.InsertAsync(source, 1);
        await archive.CatchUpAsync();
        var parts = archive.Log.Count;

        await archive.CatchUpAsync();

        Assert.Equal(parts, archive.Log.Count);
    }

    [Fact]
    public async Task A_transaction_that_is_larger_than_a_part_goes_over_several_and_comes_back_whole_or_not_at_all()
    {
        const int Most = 64 * 1024;
        var source = await fixture.NewMasterAsync(BinaryLogMode.Always);
        await fixture.ExecuteAsync(source, fixture.CreateFiller);
        await using var archive = await RunningArchive.BeginAsync(source, mostBytes: Most);
        var full = await source.TakeAsync();
        await fixture.InsertAsync(source, 1);
        var before = await LogTools.NextSecondAsync();
        await LogTools.NextSecondAsync();
        await using (var client = await fixture.ConnectAsync(source, DatastoreFixture.App.Name, DatastoreFixture.App.Password))
        {
            await client.ExecuteAsync(fixture.Words.Begin);
            await client.ExecuteAsync(fixture.InsertRow(2));
            await client.ExecuteAsync(fixture.InsertFiller(300));
            await client.ExecuteAsync(fixture.InsertFiller(10));
            await client.ExecuteAsync(fixture.Words.Commit);
        }

        await fixture.InsertAsync(source, 3);
        await archive.CatchUpAsync();

        Assert.True(archive.Log.Count >= 5, $"{archive.Log.Count} parts");
        Assert.All(archive.Log.Sizes, size => Assert.InRange(size, 1, Most + 1024));
        var (early, _) = await fixture.RestoreAsync([full], [archive.Log], new RestoreTarget(before, null));
        Assert.Equal([1], await fixture.ReadAsync(early));
        var (late, _) = await fixture.RestoreAsync([full], [archive.Log], new RestoreTarget(TimeProvider.System.GetUtcNow(), null));
        Assert.Equal([1, 2, 3], await fixture.ReadAsync(late));
        await using var reader = await fixture.ConnectAsync(late, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
        Assert.Equal([2], await reader.ReadAsync(fixture.CountFiller));
    }

    /// <summary>It is cut off in the middle of a transaction; the next one begins with that.</summary>
    [Fact]
    public async Task An_archive_that_ends_anywhere_is_gone_on_with()
    {
        const int Most = 32 * 1024;
        var source = await fixture.NewMasterAsync(BinaryLogMode.Always);
        await fixture.ExecuteAsync(source, fixture.CreateFiller);
        await using (var seed = await RunningArchive.BeginAsync(source))
        {
        }

        var logs = new List<DirectLog>();
        Taken? full = null;
        for (var cut = 1; cut <= 4; cut++)
        {
            var ends = cut;
            var log = new DirectLog
            {
                OnPart = number =>
                {
                    if (number == ends)
                    {
                        throw new DatastoreException(FaultKind.Transient, "The agent was killed.");
                    }
                },
            };
            await using var archive = await RunningArchive.BeginAsync(source, logs.LastOrDefault(), log, Most);
            full ??= await source.TakeAsync();
            await fixture.ExecuteAsync(source, fixture.InsertFiller(200));
            await fixture.InsertAsync(source, cut);
            await Faults.IsAsync(FaultKind.Transient, archive.EndsAsync);
            logs.Add(log);
        }

        await using (var last = await RunningArchive.BeginAsync(source, logs[^1], mostBytes: Most))
        {
            await last.CatchUpAsync();
            logs.Add(last.Log);
        }

        Assert.All(logs, log => Assert.Null(log.Gap));
        var (restored, _) = await fixture.RestoreAsync([full!], logs, new RestoreTarget(TimeProvider.System.GetUtcNow(), null));
        Assert.Equal([1, 2, 3, 4], await fixture.ReadAsync(restored));
        await using var reader = await fixture.ConnectAsync(restored, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
        Assert.Equal([4], await reader.ReadAsync(fixture.CountFiller));
    }

    [Fact]
    public async Task A_transaction_by_its_name_is_where_a_restore_ends_and_one_that_is_not_there_is_refused()
    {
        var source = await fixture.NewMasterAsync(BinaryLogMode.Always);
        await using var archive = await RunningArchive.BeginAsync(source);
        var full = await source.TakeAsync();
        await fixture.InsertAsync(source, 1);
        await fixture.InsertAsync(source, 2);
        var name = await fixture.LastTransactionAsync(source);
        await fixture.InsertAsync(source, 3);
        await archive.CatchUpAsync();

        var (restored, reached) = await fixture.RestoreAsync([full], [archive.Log], new RestoreTarget(null, name));

        Assert.Equal([1, 2], await fixture.ReadAsync(restored));
        Assert.NotNull(reached.Committed);
        await RefusedAsync([full], [archive.Log], new RestoreTarget(null, fixture.UnknownTransaction), "not in the archived log");
    }

    [Fact]
    public async Task A_moment_before_the_backup_a_hole_and_a_log_that_begins_too_late_are_refused()
    {
        var source = await fixture.NewMasterAsync(BinaryLogMode.Always);
        await using var first = await RunningArchive.BeginAsync(source);
        var early = await source.TakeAsync();
        await fixture.InsertAsync(source, 1);
        var before = await LogTools.NextSecondAsync();
        await LogTools.NextSecondAsync();
        await fixture.InsertAsync(source, 2);
        var late = await source.TakeAsync();
        await first.CatchUpAsync();
        await first.DisposeAsync();
        await source.Server.RestartAsync(() => { }, None);
        await fixture.InsertAsync(source, 3);
        await using var second = await RunningArchive.BeginAsync(source, first.Log);
        await second.CatchUpAsync();
        await second.DisposeAsync();
        await fixture.InsertAsync(source, 4);
        await using var third = await RunningArchive.BeginAsync(source, second.Log);
        await third.CatchUpAsync();
        var now = new RestoreTarget(TimeProvider.System.GetUtcNow(), null);

        await RefusedAsync([late], [first.Log], new RestoreTarget(before, null), "The backup holds more");
        await RefusedAsync([early], [second.Log, third.Log], now, "begins later than the backup ends");
        await RefusedAsync([early], [first.Log, third.Log], now, "does not go on");
        await RefusedAsync([early], [], now, "no archived log");
        var (restored, _) = await fixture.RestoreAsync([early], [first.Log, second.Log, third.Log], now);
        Assert.Equal([1, 2, 3, 4], await fixture.ReadAsync(restored));
    }

    [Fact]
    public async Task A_lost_part_is_never_passed_over()
    {
        var source = await fixture.NewMasterAsync(BinaryLogMode.Always);
        await using var archive = await RunningArchive.BeginAsync(source);
        var full = await source.TakeAsync();
        for (var row = 1; row <= 3; row++)
        {
            await fixture.InsertAsync(source, row);
            await archive.CatchUpAsync();
        }

        archive.Log.Lose(archive.Log.Count - 2);

        var server = await fixture.PreparedAsync();
        await Faults.IsAsync(FaultKind.Permanent, () => server.Datastore.LogArchive!.RestoreAsync(
            BackupTools.Stored(full), [archive.Log.Stored("log")], new RestoreTarget(TimeProvider.System.GetUtcNow(), null), None));
        Assert.False(Directory.Exists(Path.Combine(server.Host.VolumePath, "data")));
    }

    [Fact]
    public async Task A_log_that_was_begun_anew_is_archived_with_a_gap_that_says_so()
    {
        var source = await fixture.NewMasterAsync(BinaryLogMode.Always);
        await using var first = await RunningArchive.BeginAsync(source);
        await fixture.InsertAsync(source, 1);
        await first.CatchUpAsync();
        await first.DisposeAsync();
        await LogTools.NextSecondAsync();
        await fixture.BeginLogAnewAsync(source);
        await fixture.InsertAsync(source, 2);

        await using var second = await RunningArchive.BeginAsync(source, first.Log);
        var full = await source.TakeAsync();
        await fixture.InsertAsync(source, 3);
        await second.CatchUpAsync();

        Assert.NotNull(second.Log.Gap);
        var (restored, _) = await fixture.RestoreAsync([full], [second.Log], new RestoreTarget(TimeProvider.System.GetUtcNow(), null));
        Assert.Equal([1, 2, 3], await fixture.ReadAsync(restored));
    }

    /// <summary>Whatever the configuration says of its age.</summary>
    [Fact]
    public async Task What_is_not_archived_is_not_removed_and_what_is_goes_when_it_has_its_age()
    {
        var source = await fixture.NewMasterAsync(BinaryLogMode.Always, fixture.ShortLivedLog);
        await using var first = await RunningArchive.BeginAsync(source);
        await first.CatchUpAsync();
        await first.DisposeAsync();
        var files = fixture.LogFilesOf(source);
        for (var row = 1; row <= 3; row++)
        {
            await fixture.InsertAsync(source, row);
            await LogTools.NextSecondAsync();
            await LogTools.NextSecondAsync();
            await source.Server.RestartAsync(() => { }, None);
        }

        Assert.All(files, file => Assert.True(File.Exists(file), file));
        await using var second = await RunningArchive.BeginAsync(source, first.Log);
        await second.CatchUpAsync();

        Assert.Null(second.Log.Gap);
        await Eventually.HoldsAsync(
            "the old files go", TimeSpan.FromSeconds(30), () => !fixture.LogFilesOf(source).Intersect(files).Any());
    }

    [Fact]
    public async Task A_server_without_a_log_of_its_own_is_refused()
    {
        var source = await fixture.NewMasterAsync();

        var refusal = await Faults.IsAsync(FaultKind.Precondition, () => RunningArchive.BeginAsync(source));

        Assert.Contains("binary_log: always", refusal.Message, StringComparison.Ordinal);
    }

    private async Task RefusedAsync(
        IReadOnlyList<Taken> chain, IReadOnlyList<DirectLog> logs, RestoreTarget target, string word)
    {
        var server = await fixture.PreparedAsync();
        var refusal = await Faults.IsAsync(FaultKind.Precondition, () => server.Datastore.LogArchive!.RestoreAsync(
            BackupTools.Stored(chain), [.. logs.Select((log, number) => log.Stored($"log {number}"))], target, None));
        Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(server.Host.VolumePath, "data")));
    }
}
