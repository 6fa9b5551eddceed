using System.Globalization;
using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Testing;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>The files of a log that is archived: how long they are kept, and what they are called.</summary>
[Needs("backups", "accounts", "log-archive")]
public abstract class LogKeepingCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private const int VolumeMegabytes = 600;
    private const int NearlyNothing = 12;
    private const int LastOfSixDigits = 999_999;

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task On_a_volume_that_is_nearly_full_the_oldest_go_archived_or_not_and_the_archive_says_that_they_are_gone()
    {
        var source = fixture.NewInstance();
        await using var volume = await SmallVolume.MakeAsync(source, VolumeMegabytes);
        await fixture.PrepareMasterAsync(source, BinaryLogMode.Always);
        await using var first = await RunningArchive.BeginAsync(source);
        await fixture.InsertAsync(source, 1);
        await first.CatchUpAsync();
        await first.DisposeAsync();
        for (var row = 2; row <= 4; row++)
        {
            await source.Server.RestartAsync(() => { }, None);
            await fixture.InsertAsync(source, row);
        }

        var files = fixture.LogFilesOf(source);
        await source.ReportAsync();
        Assert.Equal(files, fixture.LogFilesOf(source));

        await volume.LeaveAsync(NearlyNothing);
        await Eventually.HoldsAsync("all but the newest file are gone", Patience, async () =>
        {
            await source.ReportAsync();
            return fixture.LogFilesOf(source).SequenceEqual([files[^1]]);
        });

        volume.MakeRoom();
        await using var second = await RunningArchive.BeginAsync(source, first.Log);
        Assert.Contains("are gone", second.Log.Gap, StringComparison.Ordinal);
        var full = await source.TakeAsync();
        await fixture.InsertAsync(source, 5);
        await second.CatchUpAsync();
        var (restored, _) = await fixture.RestoreAsync([full], [second.Log], new RestoreTarget(TimeProvider.System.GetUtcNow(), null));
        Assert.Equal([1, 2, 3, 4, 5], await fixture.ReadAsync(restored));
    }

    /// <summary>The names of its files are in another order then.</summary>
    [Fact]
    public async Task A_log_whose_numbers_get_another_digit_is_archived_and_restored_in_its_order_and_removed_as_far_as_it_is_archived()
    {
        var source = await fixture.NewMasterAsync(BinaryLogMode.Always, fixture.ShortLivedLog);
        await fixture.BeginLogAnewAsync(source, LastOfSixDigits - 1);
        var logs = new List<DirectLog>();
        Taken? full = null;
        var row = 0;
        async Task NextFileAsync()
        {
            await using (var archive = await RunningArchive.BeginAsync(source, logs.LastOrDefault()))
            {
                full ??= await source.TakeAsync();
                await fixture.InsertAsync(source, ++row);
                await archive.CatchUpAsync();
                logs.Add(archive.Log);
            }

            await LogTools.NextSecondAsync();
            await source.Server.RestartAsync(() => { }, None);
            await fixture.InsertAsync(source, ++row);
        }

        while (NumbersOf(source).Max() <= LastOfSixDigits + 1)
        {
            await NextFileAsync();
            Assert.All(logs, log => Assert.Null(log.Gap));
        }

        await Eventually.HoldsAsync("what is archived and old is gone", Patience, async () =>
        {
            await NextFileAsync();
            return NumbersOf(source).Min() > LastOfSixDigits;
        });
        await using var last = await RunningArchive.BeginAsync(source, logs[^1]);
        await last.CatchUpAsync();
        logs.Add(last.Log);
        Assert.All(logs, log => Assert.Null(log.Gap));
        var (restored, _) = await fixture.RestoreAsync([full!], logs, new RestoreTarget(TimeProvider.System.GetUtcNow(), null));
        Assert.Equal(Enumerable.Range(1, row), await fixture.ReadAsync(restored));
    }

    [Fact]
    public async Task A_backup_follows_over_numbers_that_get_another_digit()
    {
        var source = await fixture.NewMasterAsync(BinaryLogMode.Always);
        await fixture.BeginLogAnewAsync(source, LastOfSixDigits - 1);
        var full = await source.TakeAsync();
        var row = 0;
        while (NumbersOf(source).Max() <= LastOfSixDigits + 1)
        {
            await fixture.InsertAsync(source, ++row);
            await source.Server.RestartAsync(() => { }, None);
        }

        var second = await source.TakeAsync(full);

        Assert.Equal(Enumerable.Range(1, row), await fixture.ReadAsync(await fixture.RestoreAsync(full, second)));
    }

    private IEnumerable<int> NumbersOf(TestInstance source) => fixture.LogFilesOf(source)
        .Select(file => int.Parse(Path.GetExtension(file.AsSpan())[1..], NumberStyles.None, CultureInfo.InvariantCulture));
}
