using System.Diagnostics;
using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Testing;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>What is written of a database, and made of it again. The cases share one server, and leave it as a server.</summary>
[Needs("backups", "accounts", "replication")]
public abstract class BackupCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static int next = 1000;

    [Fact]
    public async Task A_backup_holds_every_row_of_its_moment_and_every_user_with_the_password_that_it_had()
    {
        var source = await fixture.SourceAsync();
        await fixture.InsertAsync(source, New(), New());
        await source.Accounts.EnsureAsync([], [new UserSpec("eve", "then", Databases: [DatastoreFixture.Database])], None);
        var rows = await fixture.ReadAsync(source);
        var backup = await source.TakeAsync();
        await fixture.InsertAsync(source, New());
        await source.Accounts.ChangePasswordsAsync([new UserSpec("eve", "later")], None);

        var restored = await fixture.RestoreAsync(backup);

        Assert.Equal(rows, await fixture.ReadAsync(restored));
        Assert.True(await fixture.CanLogInAsync(restored, "eve", "then", encrypted: true));
        Assert.False(await fixture.CanLogInAsync(restored, "eve", "later", encrypted: true));
        Assert.True((await fixture.LookAsync(restored)) is { LogOn: true, ReadOnly: false });
        await fixture.InsertAsync(restored, New());
    }

    [Fact]
    public async Task Backups_that_follow_on_each_other_hold_what_changed_between_them()
    {
        var source = await fixture.SourceAsync();
        var (gone, kept) = (New(), New());
        await fixture.InsertAsync(source, gone);
        var full = await source.TakeAsync();
        await fixture.ExecuteAsync(source, fixture.CreateFiller);
        await fixture.InsertAsync(source, kept);
        var second = await source.TakeAsync(full);
        var then = await fixture.ReadAsync(source);
        await fixture.ExecuteAsync(source, fixture.DeleteRow(gone));
        await fixture.InsertAsync(source, New());
        var third = await source.TakeAsync(second);
        var last = await fixture.ReadAsync(source);

        var latest = await fixture.RestoreAsync(full, second, third);
        var earlier = await fixture.RestoreAsync(full, second);

        Assert.Equal(last, await fixture.ReadAsync(latest));
        Assert.Equal(then, await fixture.ReadAsync(earlier));
        Assert.True(third.Objects.Size < full.Objects.Size / 2, $"{third.Objects.Size} of {full.Objects.Size} bytes");
    }

    /// <summary>With what depends on them: views, triggers, events that are on and events that are off.</summary>
    [Fact]
    public async Task Tables_of_every_kind_come_back_with_a_full_backup_and_with_one_that_follows()
    {
        var source = await fixture.SourceAsync();
        await using var client = await fixture.ConnectAsync(source, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
        var kinds = fixture.Words.Kinds;
        foreach (var statement in kinds.Take(kinds.Count / 2).SelectMany(kind => kind.Statements))
        {
            await client.ExecuteAsync(statement);
        }

        var full = await source.TakeAsync();
        foreach (var statement in kinds.Skip(kinds.Count / 2).SelectMany(kind => kind.Statements).Concat(
            fixture.Words.Grow.Select(grow => grow(New()))))
        {
            await client.ExecuteAsync(statement);
        }

        var second = await source.TakeAsync(full);
        var wanted = await Task.WhenAll(kinds.Select(async kind =>
        {
            await using var other = await fixture.ConnectAsync(source, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
            return await other.ReadAsync(kind.Query);
        }));

        var restored = await fixture.RestoreAsync(full, second);

        await using var reader = await fixture.ConnectAsync(restored, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
        foreach (var (kind, expected) in kinds.Zip(wanted))
        {
            Assert.NotEmpty(expected);
            Assert.Equal(Text(kind.Query, expected), Text(kind.Query, await reader.ReadAsync(kind.Query)));
        }
    }

    [Fact]
    public async Task A_restored_server_keeps_no_user_of_the_former_ones_slaves_and_can_have_slaves_of_its_own()
    {
        var pair = await fixture.PairAsync();
        var backup = await pair.Master.TakeAsync();

        var restored = await fixture.RestoreAsync(backup);

        var (user, password) = fixture.LoginOf(pair.Offer);
        Assert.False(await fixture.CanLogInAsync(restored, user, password, encrypted: true));
        Assert.Empty((await restored.ReportAsync())!.KnownSlaves);
        var slave = await fixture.NewSlaveAsync();
        await fixture.AttachAsync(restored, slave);
        var row = New();
        await fixture.InsertAsync(restored, row);
        await fixture.ArrivesAsync(slave, row);
    }

    /// <summary>Also one that the tool did not end.</summary>
    [Fact]
    public async Task A_backup_of_a_slave_makes_a_server_on_its_own_and_leaves_the_slave_as_it_was()
    {
        var pair = await fixture.PairAsync();
        var row = New();
        await fixture.InsertAsync(pair.Master, row);
        await fixture.ArrivesAsync(pair.Slave, row);
        var killed = new DirectObjects { OnFirst = () => pair.Slave.Processes.Kill(fixture.BackupPrograms.Write) };
        await Faults.IsAsync(FaultKind.Transient, () => pair.Slave.TakeAsync(objects: killed));
        Assert.True((await pair.Slave.ReportAsync()) is { Receiving: true, Applying: true });
        var backup = await pair.Slave.TakeAsync();
        Assert.True((await pair.Slave.ReportAsync()) is { Receiving: true, Applying: true });

        var restored = await fixture.RestoreAsync(backup);

        Assert.Contains(row, await fixture.ReadAsync(restored));
        await fixture.InsertAsync(restored, New());
        Assert.Null((await restored.ReportAsync())!.SourceHost);
    }

    /// <summary>By one that holds it all, or a refusal: whatever became of the server in between.</summary>
    [Fact]
    public async Task Backups_follow_over_a_restart_and_over_the_end_of_being_a_slave_or_are_refused()
    {
        var pair = await fixture.NewPairAsync(fixture.LogToFollow);
        var slave = pair.Slave;
        var full = await slave.TakeAsync();
        await fixture.InsertAsync(pair.Master, 2);
        await fixture.ArrivesAsync(slave, 2);
        await slave.Server.RestartAsync(() => { }, None);
        var second = await slave.TakeAsync(full);
        await slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, None);
        await fixture.InsertAsync(slave, 3);
        Taken[] chain;
        try
        {
            chain = [full, second, await slave.TakeAsync(second)];
        }
        catch (DatastoreException e)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(e.Message);
            Assert.Equal(FaultKind.Precondition, e.Kind);
            chain = [full, second];
        }

        Assert.Equal(Enumerable.Range(1, chain.Length), await fixture.ReadAsync(await fixture.RestoreAsync(chain)));
    }

    [Fact]
    public async Task What_follows_on_a_backup_of_other_data_is_refused()
    {
        var backup = await (await fixture.SourceAsync()).TakeAsync();
        var other = (await fixture.PairAsync()).Master;

        var refusal = await Faults.IsAsync(FaultKind.Precondition, () => other.TakeAsync(backup));

        Assert.Contains("of other data", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_with_a_gap_an_unknown_document_or_too_much_data_is_refused_before_anything_is_made()
    {
        var source = await fixture.SourceAsync();
        var full = await source.TakeAsync();
        await fixture.InsertAsync(source, New());
        var second = await source.TakeAsync(full);
        await fixture.InsertAsync(source, New());
        var third = await source.TakeAsync(second);
        var target = await fixture.PreparedAsync();
        Task RestoreAsync(params StoredBackup[] chain) => target.Datastore.Backups!.RestoreAsync(chain, None);

        foreach (var chain in new[] { [second], new[] { full, third }, [third, full], [] })
        {
            await Faults.IsAsync(FaultKind.Precondition, () => RestoreAsync(BackupTools.Stored(chain)));
        }

        var good = Assert.Single(BackupTools.Stored(full));
        var document = good.Document;
        await Faults.IsAsync(FaultKind.Unsupported, () => RestoreAsync(good with { Document = document with { Kind = "other.backup" } }));
        await Faults.IsAsync(FaultKind.Unsupported, () => RestoreAsync(good with { Document = document with { Version = 99 } }));
        await Faults.IsAsync(
            FaultKind.Unsupported,
            () => source.Datastore.Backups!.BackUpAsync(
                new BackupRequest("b", document with { Kind = "other.backup" }), new DirectObjects(), None));
        var refusal = await Faults.IsAsync(
            FaultKind.Precondition, () => RestoreAsync(good with { Document = fixture.Resized(document, 1L << 60) }));
        Assert.Contains("does not fit", refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(target.Host.VolumePath, "data.new")));
    }

    [Fact]
    public async Task A_restore_that_is_cut_anywhere_leaves_no_data_and_begins_anew()
    {
        const int Cuts = 4;
        var source = await fixture.SourceAsync();
        await fixture.InsertAsync(source, New());
        var full = await source.TakeAsync();
        await fixture.InsertAsync(source, New());
        var second = await source.TakeAsync(full);
        var target = await fixture.PreparedAsync();
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}.");
        var random = new Random(seed);
        for (var cut = 0; cut < Cuts; cut++)
        {
            var which = cut == 0 ? second : full;
            which.Objects.CutAfter = random.Next((int)which.Objects.Size!.Value);

            await Faults.IsAsync(FaultKind.Transient, () => target.Datastore.Backups!.RestoreAsync(BackupTools.Stored(full, second), None));
            Assert.False(Directory.Exists(Path.Combine(target.Host.VolumePath, "data")));
        }

        full.Objects.OnFirstRead = () => Assert.Equal(1, target.Processes.Kill(fixture.BackupPrograms.Unpack));
        await Faults.IsAsync(FaultKind.Transient, () => target.Datastore.Backups!.RestoreAsync(BackupTools.Stored(full, second), None));
        Assert.False(Directory.Exists(Path.Combine(target.Host.VolumePath, "data")));

        await target.RestartAgentAsync();
        await target.Server.ResumeAsync(None);
        await target.Datastore.Backups!.RestoreAsync(BackupTools.Stored(full, second), None);
        await target.Server.StartAsync(None);
        Assert.Equal(await fixture.ReadAsync(source), await fixture.ReadAsync(target));
        Assert.False(Directory.Exists(Path.Combine(target.Host.VolumePath, "data.changed")));
    }

    /// <summary>Where the data is copied beside the server first, the copy may be whole by then.</summary>
    [Fact]
    public async Task A_server_that_is_killed_during_a_backup_leaves_a_fault_or_a_whole_one_and_the_next_works()
    {
        var source = await fixture.SourceAsync();
        await fixture.InsertAsync(source, New());
        var rows = await fixture.ReadAsync(source);
        var objects = new DirectObjects { OnFirst = source.Supervisor.Kill };
        Taken? whole = null;
        try
        {
            whole = await source.TakeAsync(objects: objects);
        }
        catch (DatastoreException e)
        {
            Assert.Equal(FaultKind.Transient, e.Kind);
            Assert.Null(objects.Size);
        }

        await source.Server.StartAsync(None);
        var next = await source.TakeAsync();

        Assert.Equal(rows, await fixture.ReadAsync(await fixture.RestoreAsync(whole ?? next)));
    }

    /// <summary>Its owner alters, renames, empties and drops tables all the time.</summary>
    [Fact]
    public async Task Backups_while_tables_change_their_shape_hold_the_others_whole()
    {
        var source = await fixture.SourceAsync();
        await fixture.InsertAsync(source, New());
        var rows = await fixture.ReadAsync(source);
        using var enough = new CancellationTokenSource();
        var rounds = 0;
        var begun = new TaskCompletionSource();
        var changes = Task.Run(
            async () =>
            {
                await using var client = await fixture.ConnectAsync(source, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
                for (; !enough.IsCancellationRequested; rounds++)
                {
                    foreach (var statement in fixture.Words.Reshape)
                    {
                        await client.ExecuteAsync(statement);
                    }

                    begun.TrySetResult();
                }
            },
            None);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(60), None);
        var full = await source.TakeAsync();
        var second = await source.TakeAsync(full);
        await enough.CancelAsync();
        await changes;

        var restored = await fixture.RestoreAsync(full, second);

        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} rounds.");
        Assert.Equal(rows, await fixture.ReadAsync(restored));
        await using var owner = await fixture.ConnectAsync(restored, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
        foreach (var statement in fixture.Words.Clear.Concat(fixture.Words.Reshape))
        {
            await owner.ExecuteAsync(statement);
        }
    }

    [Fact]
    public async Task Users_are_answered_while_a_backup_waits_for_its_store_and_who_locks_a_table_ends_no_backup()
    {
        var source = await fixture.SourceAsync();
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
        var backup = Task.Run(() => source.TakeAsync(objects: objects), None);
        await Eventually.HoldsAsync("the backup writes", TimeSpan.FromSeconds(60), () => full.IsSet);

        await source.Accounts.EnsureAsync([new DatabaseSpec("meanwhile")], [], None);
        var row = New();
        await fixture.InsertAsync(source, row);
        Assert.Contains(row, await fixture.ReadAsync(source));

        await using (var client = await fixture.ConnectAsync(source, DatastoreFixture.App.Name, DatastoreFixture.App.Password))
        {
            await client.ExecuteAsync(fixture.Words.LockRows);
            go.Set();
            await Task.WhenAny(backup, Task.Delay(TimeSpan.FromSeconds(1), None));
        }

        await backup;
    }

    /// <summary>It is complete without waiting for him, or given up; and whoever makes tables waits no longer than for that.</summary>
    [Fact]
    public async Task Who_locks_a_table_for_hours_holds_a_backup_up_for_a_minute_and_so_everybody_else()
    {
        var source = await fixture.SourceAsync();
        await using var owner = await fixture.ConnectAsync(source, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
        await owner.ExecuteAsync(fixture.Words.LockRows);
        var begun = Stopwatch.GetTimestamp();
        var backup = source.TakeAsync();
        var (made, longest) = (begun, TimeSpan.Zero);
        for (var number = 0; !backup.IsCompleted || made == begun; number++)
        {
            try
            {
                await fixture.ExecuteAsync(source, fixture.Words.CreateTableIn(DatastoreFixture.Database, $"made{number}"));
            }
            catch (Exception e) when (!backup.IsCompleted)
            {
                // His driver's patience is shorter than that of the backup: he tries again.
                TestContext.Current.TestOutputHelper?.WriteLine(e.Message);
                continue;
            }

            var waited = Stopwatch.GetElapsedTime(made);
            (made, longest) = (Stopwatch.GetTimestamp(), longest > waited ? longest : waited);
        }

        var message = backup.Exception?.InnerException?.Message;
        TestContext.Current.TestOutputHelper?.WriteLine($"{Stopwatch.GetElapsedTime(begun)}, waited {longest}: {message}");
        Assert.True(backup.IsCompletedSuccessfully || backup.Exception!.InnerException is DatastoreException { Kind: FaultKind.Transient });
        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(100), message);
        Assert.True(longest < TimeSpan.FromSeconds(75), $"A table was made after {longest}.");
    }

    [Fact]
    public async Task A_backup_leaves_nothing_on_the_volume_and_no_login()
    {
        var source = await fixture.SourceAsync();
        var before = FilesOf(source);

        await source.TakeAsync();

        Assert.Empty(FilesOf(source).Except(before));
        Assert.Empty((await fixture.LookAsync(source)).ReplicationUsers);
    }

    private static IReadOnlyList<string> FilesOf(TestInstance instance) =>
    [
        .. Directory.EnumerateFileSystemEntries(instance.Host.VolumePath),
        .. new[] { "tmp", "tls" }.Select(name => Path.Combine(instance.Host.VolumePath, name))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)),
    ];

    private static string Text(string query, IEnumerable<int> answer) => $"{query}: {string.Join(", ", answer)}";

    private static int New() => Interlocked.Increment(ref next);
}
