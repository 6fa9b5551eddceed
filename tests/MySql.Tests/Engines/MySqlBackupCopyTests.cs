using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.Conformance.Cases;
using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Testing;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>The copy on the volume that a full backup of MySQL is made from, and the log that others are made from.</summary>
public sealed class MySqlBackupCopyTests(MySqlFixture fixture) : IClassFixture<MySqlFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_server_that_is_killed_while_it_copies_itself_ends_the_backup_and_nothing_is_left()
    {
        var source = await SharedAsync();
        var backup = BackUpAsync(source, null);
        await CopyBeginsAsync(source);

        source.Supervisor.Kill();

        await Faults.IsAsync(FaultKind.Transient, () => backup);
        await source.Server.StartAsync(None);
        await BackUpAsync(source, null);
        Assert.False(Directory.Exists(ScratchOf(source)));
    }

    [Fact]
    public async Task A_copy_that_is_not_wanted_any_more_ends_and_goes()
    {
        var source = await SharedAsync();
        using var end = new CancellationTokenSource();
        var backup = source.Datastore.Backups!.BackUpAsync(new BackupRequest("b", null), new DirectObjects(), end.Token);
        await CopyBeginsAsync(source);

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => backup);
        Assert.False(Directory.Exists(ScratchOf(source)));
        Assert.Equal(0, await CopiesOfAsync(source));
    }

    /// <summary>The server outlives the agent, and goes on with what that asked for.</summary>
    [Fact]
    public async Task What_a_killed_agent_left_goes_with_the_start_of_the_next()
    {
        var source = await SharedAsync();
        var scratch = ScratchOf(source);
        Directory.CreateDirectory(scratch);
        File.SetUnixFileMode(scratch, File.GetUnixFileMode(scratch) | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        await using var session = await MySqlFamilyFixture.OpenAsync(source);
        var copy = session.ExecuteAsync($"CLONE LOCAL DATA DIRECTORY = '{scratch}/data'", None);
        await Eventually.HoldsAsync("the server copies itself", Soon, () => Directory.Exists(Path.Combine(scratch, "data")));

        await source.RestartAgentAsync();
        await source.Server.ResumeAsync(None);

        Assert.False(Directory.Exists(scratch));
        await Assert.ThrowsAnyAsync<Exception>(() => copy);
        await BackUpAsync(source, null);
    }

    /// <summary>What the database writes meanwhile needs the room.</summary>
    [Fact]
    public async Task A_copy_that_leaves_too_little_room_is_not_made_and_one_that_comes_to_do_so_is_given_up()
    {
        const int Megabytes = 600;
        var source = fixture.NewInstance();
        await using var volume = await SmallVolume.MakeAsync(source, Megabytes);
        await fixture.PrepareMasterAsync(source);
        await volume.LeaveAsync(90);

        var refusal = await Faults.IsAsync(FaultKind.Precondition, () => BackUpAsync(source, null));
        TestContext.Current.TestOutputHelper?.WriteLine(refusal.Message);
        Assert.Contains("needs room on the volume", refusal.Message, StringComparison.Ordinal);

        volume.MakeRoom();
        var slow = new DirectObjects
        {
            Hold = async token =>
            {
                await volume.LeaveAsync(8);
                await Task.Delay(Timeout.Infinite, token);
            },
        };
        var end = await Faults.IsAsync(FaultKind.Precondition, () => source.TakeAsync(objects: slow));
        Assert.Contains("too little room", end.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(ScratchOf(source)));
        volume.MakeRoom();
        await BackUpAsync(source, null);
    }

    /// <summary>Its own name, and every transaction under the name that it had.</summary>
    [Fact]
    public async Task A_restored_server_is_another_one_with_the_same_history()
    {
        const string Identity = "SELECT @@GLOBAL.server_uuid";
        var source = await SharedAsync();
        var full = await source.TakeAsync();
        await fixture.InsertAsync(source, 21);
        var second = await source.TakeAsync(full);
        var (name, history) = (await AskAsync(source, Identity), await AskAsync(source, "SELECT @@GLOBAL.gtid_executed"));

        foreach (var chain in new[] { new[] { full }, [full, second] })
        {
            var restored = await fixture.RestoreAsync(chain);
            Assert.NotEqual(name, await AskAsync(restored, Identity));
            var holdsAll = await AskAsync(restored, $"SELECT GTID_SUBSET('{history}', @@GLOBAL.gtid_executed)");
            Assert.Equal(chain.Length > 1 ? "1" : "0", holdsAll);
        }
    }

    [Fact]
    public async Task What_follows_needs_a_log_that_is_always_on()
    {
        var source = await fixture.AloneAsync();
        var full = await BackUpAsync(source, null);

        var refusal = await Faults.IsAsync(FaultKind.Precondition, () => BackUpAsync(source, full.Document));

        Assert.Contains("binary_log: always", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_does_not_go_back_to_the_parent_is_refused_and_one_that_does_is_not()
    {
        var source = await SharedAsync();
        var full = await BackUpAsync(source, null);
        await fixture.InsertAsync(source, 11);
        var second = await BackUpAsync(source, full.Document);
        await fixture.InsertAsync(source, 12);
        await SayAsync(source, "FLUSH BINARY LOGS");
        await fixture.InsertAsync(source, 13);
        await BackUpAsync(source, full.Document);

        await SayAsync(source, "PURGE BINARY LOGS TO '" + await NewestLogAsync(source) + "'");

        var refusal = await Faults.IsAsync(FaultKind.Precondition, () => BackUpAsync(source, second.Document));
        Assert.Contains("does not go back", refusal.Message, StringComparison.Ordinal);
        var next = await BackUpAsync(source, null);
        await fixture.InsertAsync(source, 14);
        await BackUpAsync(source, next.Document);
    }

    /// <summary>The names begin anew, and a file of the old name holds something else.</summary>
    [Fact]
    public async Task A_log_that_was_begun_anew_is_not_taken_for_the_one_before()
    {
        var source = await fixture.NewMasterAsync(BinaryLogMode.Always);
        await fixture.InsertAsync(source, 1);
        var full = await BackUpAsync(source, null);
        await fixture.InsertAsync(source, 2);
        await SayAsync(source, "RESET BINARY LOGS AND GTIDS");
        await fixture.InsertAsync(source, 3);

        await Faults.IsAsync(FaultKind.Precondition, () => BackUpAsync(source, full.Document));

        await source.Supervisor.StopAsync(TimeSpan.Zero, None);
    }

    private static string ScratchOf(TestInstance instance) => Path.Combine(instance.Host.VolumePath, "backup.tmp");

    private static Task CopyBeginsAsync(TestInstance instance) =>
        Eventually.HoldsAsync("the server copies itself", Soon, () => Directory.Exists(Path.Combine(ScratchOf(instance), "data")));

    private static Task<BackupDescription> BackUpAsync(TestInstance instance, OpaqueDocument? parent) =>
        instance.Datastore.Backups!.BackUpAsync(new BackupRequest("b", parent), new DirectObjects(), None);

    private static async Task SayAsync(TestInstance instance, string statement)
    {
        await using var session = await MySqlFamilyFixture.OpenAsync(instance);
        await session.ExecuteAsync(statement, None);
    }

    private static async Task<string?> AskAsync(TestInstance instance, string question)
    {
        await using var session = await MySqlFamilyFixture.OpenAsync(instance);
        return await session.TextAsync(question, None);
    }

    private static async Task<string> NewestLogAsync(TestInstance instance)
    {
        await using var session = await MySqlFamilyFixture.OpenAsync(instance);
        return (await session.ShowAsync("SHOW BINARY LOGS", None))[^1]["Log_name"]!;
    }

    private static async Task<long?> CopiesOfAsync(TestInstance instance)
    {
        await using var session = await MySqlFamilyFixture.OpenAsync(instance);
        return await session.NumberAsync("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'CLONE%'", None);
    }

    private Task<TestInstance> SharedAsync() => fixture.SourceAsync();
}
