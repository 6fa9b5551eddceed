using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Testing;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>What is written of a database, and made of it again.</summary>
[Needs("backups", "accounts")]
public abstract class BackupCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_backup_holds_every_row_of_its_moment_and_every_user()
    {
        var source = await fixture.NewMasterAsync();
        await fixture.InsertAsync(source, 1, 2, 3);
        var backup = await TakeAsync(source, "b1", parent: null);
        await fixture.InsertAsync(source, 4);

        var restored = await RestoreAsync(backup);

        Assert.Equal([1, 2, 3], (await fixture.ReadAsync(restored)).Order());
        await fixture.InsertAsync(restored, 5);
    }

    [Fact]
    public async Task Backups_that_follow_on_each_other_hold_what_changed_between_them()
    {
        var source = await fixture.NewMasterAsync(fixture.LogToFollow);
        await fixture.InsertAsync(source, 1);
        var full = await TakeAsync(source, "full", parent: null);
        await fixture.ExecuteAsync(source, fixture.CreateFiller);
        await fixture.InsertAsync(source, 2);
        var second = await TakeAsync(source, "second", full);
        await fixture.ExecuteAsync(source, fixture.DeleteRow(1));
        await fixture.InsertAsync(source, 3);
        var third = await TakeAsync(source, "third", second);

        var latest = await RestoreAsync(full, second, third);
        var earlier = await RestoreAsync(full, second);

        Assert.Equal([2, 3], (await fixture.ReadAsync(latest)).Order());
        Assert.Equal([1, 2], (await fixture.ReadAsync(earlier)).Order());
        Assert.True(third.Objects.Size < full.Objects.Size / 2, $"{third.Objects.Size} of {full.Objects.Size} bytes");
    }

    [Fact]
    public async Task A_backup_under_writes_holds_every_row_that_was_there_before_it_and_none_in_part()
    {
        var source = await fixture.NewMasterAsync();
        await fixture.InsertAsync(source, [.. Enumerable.Range(1, 20)]);
        using var enough = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var writes = Task.Run(
            async () =>
            {
                for (var number = 21; !enough.IsCancellationRequested; number++)
                {
                    await fixture.InsertAsync(source, number);
                    begun.TrySetResult();
                }
            },
            None);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), None);
        var backup = await TakeAsync(source, "b1", parent: null);
        await enough.CancelAsync();
        await writes;

        var rows = (await fixture.ReadAsync(await RestoreAsync(backup))).Order().ToList();

        Assert.Equal(Enumerable.Range(1, rows.Count), rows);
        Assert.True(rows.Count > 20, $"{rows.Count} rows");
    }

    [Fact]
    public async Task A_restored_server_keeps_no_user_of_the_former_ones_slaves_and_can_have_slaves_of_its_own()
    {
        var pair = await fixture.NewPairAsync();
        var backup = await TakeAsync(pair.Master, "b1", parent: null);

        var restored = await RestoreAsync(backup);

        var (user, password) = fixture.LoginOf(pair.Offer);
        Assert.False(await fixture.CanLogInAsync(restored, user, password, encrypted: true));
        Assert.Empty((await restored.ReportAsync())!.KnownSlaves);
        var slave = await fixture.NewSlaveAsync();
        var offer = await fixture.OfferAsync(restored, slave);
        await slave.Replication.AttachReplicationSlaveAsync(offer.Snapshot, None);
        await fixture.InsertAsync(restored, 7001);
        await fixture.ArrivesAsync(slave, 7001);
    }

    [Fact]
    public async Task A_backup_of_a_slave_makes_a_server_on_its_own()
    {
        var pair = await fixture.NewPairAsync();
        await fixture.InsertAsync(pair.Master, 7101);
        await fixture.ArrivesAsync(pair.Slave, 7101);
        var backup = await TakeAsync(pair.Slave, "b1", parent: null);

        var restored = await RestoreAsync(backup);

        Assert.Contains(7101, await fixture.ReadAsync(restored));
        await fixture.InsertAsync(restored, 7102);
        Assert.Null((await restored.ReportAsync())!.SourceHost);
        Assert.True((await pair.Slave.ReportAsync()) is { Receiving: true, Applying: true });
    }

    [Fact]
    public async Task What_follows_on_a_backup_of_other_data_is_refused()
    {
        var one = await fixture.NewMasterAsync(fixture.LogToFollow);
        var other = await fixture.NewMasterAsync(fixture.LogToFollow);
        var backup = await TakeAsync(one, "b1", parent: null);

        var refusal = await Faults.IsAsync(
            FaultKind.Precondition,
            () => other.Datastore.Backups!.BackUpAsync(
                new BackupRequest("b2", backup.Description.Document), new DirectObjects(), None));

        Assert.Contains("of other data", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_with_a_gap_is_refused_before_anything_is_made()
    {
        var source = await fixture.NewMasterAsync(fixture.LogToFollow);
        var full = await TakeAsync(source, "full", parent: null);
        await fixture.InsertAsync(source, 1);
        var second = await TakeAsync(source, "second", full);
        await fixture.InsertAsync(source, 2);
        var third = await TakeAsync(source, "third", second);
        var target = await PreparedAsync();

        foreach (var chain in new[] { [second], new[] { full, third }, [third, full] })
        {
            await Faults.IsAsync(FaultKind.Precondition, () => target.Datastore.Backups!.RestoreAsync(Stored(chain), None));
        }

        Assert.False(Directory.Exists(Path.Combine(target.Host.VolumePath, "data.new")));
    }

    [Fact]
    public async Task A_restore_that_is_cut_leaves_no_data_and_begins_anew()
    {
        var source = await fixture.NewMasterAsync();
        await fixture.InsertAsync(source, 1);
        var backup = await TakeAsync(source, "b1", parent: null);
        var target = await PreparedAsync();
        backup.Objects.CutAfter = 1024 * 1024;

        await Faults.IsAsync(FaultKind.Transient, () => target.Datastore.Backups!.RestoreAsync(Stored(backup), None));
        Assert.False(Directory.Exists(Path.Combine(target.Host.VolumePath, "data")));
        await target.RestartAgentAsync();
        await target.Server.ResumeAsync(None);
        await target.Datastore.Backups!.RestoreAsync(Stored(backup), None);
        await target.Server.StartAsync(None);

        Assert.Equal([1], await fixture.ReadAsync(target));
    }

    /// <summary>Where the data is copied beside the server first, the copy may be whole by then.</summary>
    [Fact]
    public async Task A_server_that_is_killed_during_a_backup_leaves_a_fault_or_a_whole_one_and_the_next_works()
    {
        var source = await fixture.NewMasterAsync();
        await fixture.InsertAsync(source, 1);
        var objects = new DirectObjects { OnFirst = source.Supervisor.Kill };
        var whole = new List<Taken>();
        try
        {
            var made = await source.Datastore.Backups!.BackUpAsync(new BackupRequest("b1", null), objects, None);
            whole.Add(new Taken("b1", made, objects));
        }
        catch (DatastoreException e)
        {
            Assert.Equal(FaultKind.Transient, e.Kind);
            Assert.Null(objects.Size);
        }

        await source.Server.StartAsync(None);
        whole.Add(await TakeAsync(source, "b2", parent: null));

        foreach (var backup in whole)
        {
            Assert.Equal([1], await fixture.ReadAsync(await RestoreAsync(backup)));
        }
    }

    [Fact]
    public async Task Users_are_answered_while_a_backup_waits_for_its_store()
    {
        var source = await fixture.NewMasterAsync();
        using var full = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var objects = new DirectObjects
        {
            OnFirst = () =>
            {
                full.Set();
                Assert.True(go.Wait(TimeSpan.FromSeconds(60), None));
            },
        };
        var backup = Task.Run(() => source.Datastore.Backups!.BackUpAsync(new BackupRequest("b1", null), objects, None), None);
        await Eventually.HoldsAsync("the backup writes", TimeSpan.FromSeconds(60), () => full.IsSet);

        await source.Accounts.EnsureAsync([new DatabaseSpec("meanwhile")], [], None);
        await fixture.InsertAsync(source, 1);
        Assert.Equal([1], await fixture.ReadAsync(source));

        go.Set();
        await backup;
    }

    [Fact]
    public async Task A_backup_leaves_nothing_on_the_volume_and_no_login()
    {
        var source = await fixture.NewMasterAsync();
        var before = FilesOf(source);

        await TakeAsync(source, "b1", parent: null);

        Assert.Empty(FilesOf(source).Except(before));
    }

    private static IReadOnlyList<string> FilesOf(TestInstance instance) =>
    [
        .. new[] { "tmp", "tls" }.Select(name => Path.Combine(instance.Host.VolumePath, name))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)),
    ];

    private static StoredBackup[] Stored(params IEnumerable<Taken> chain) =>
        [.. chain.Select(one => new StoredBackup(one.Id, one.Description.Document, one.Objects))];

    private static async Task<Taken> TakeAsync(TestInstance source, string id, Taken? parent)
    {
        var objects = new DirectObjects();
        var made = await source.Datastore.Backups!.BackUpAsync(new BackupRequest(id, parent?.Description.Document), objects, None);
        Assert.True(made.DatasetBytes > 0);
        return new Taken(id, made, objects);
    }

    private async Task<TestInstance> PreparedAsync()
    {
        var target = fixture.NewInstance();
        await target.Server.InitializeAsync(fixture.Settings() with { DataOrigin = DataOrigin.Restored }, None);
        return target;
    }

    private async Task<TestInstance> RestoreAsync(params Taken[] chain)
    {
        var target = await PreparedAsync();
        await target.Datastore.Backups!.RestoreAsync(Stored(chain), None);
        await target.Datastore.Backups!.RestoreAsync(Stored(chain), None);
        await target.Server.StartAsync(None);
        return target;
    }

    private sealed record Taken(string Id, BackupDescription Description, DirectObjects Objects);
}
