using System.Text;
using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Testing;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>Logs that users enable and read.</summary>
[Needs("logs")]
public abstract class LogCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private const string Error = "error";
    private const string General = "general";
    private const string SlowQuery = "slow_query";
    private const int Piece = 64 * 1024;
    private const int NearlyFullMegabytes = 12;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task No_log_but_the_servers_own_is_written_before_somebody_asks()
    {
        var instance = await fixture.NewMasterAsync();
        await SayAsync(instance, "unheard");

        var logs = await LogsOf(instance).ListAsync(None);

        Assert.Equal(
            [(Error, false, true), (General, true, false), (SlowQuery, true, false)],
            logs.Select(log => (log.Name, log.IsChosen, log.IsEnabled)));
        Assert.Equal([true, false, false], logs.Select(log => log.End > 0));
        Assert.NotEmpty(await ReadAsync(instance, Error));
        Assert.Empty(await ReadAsync(instance, General));
    }

    [Fact]
    public async Task What_is_said_while_a_log_is_enabled_is_in_it_also_after_restarts_of_server_and_agent()
    {
        var instance = await fixture.NewMasterAsync();
        await EnableAsync(instance, General);
        await SayAsync(instance, "first words");
        await instance.Server.RestartAsync(() => { }, None);
        await instance.RestartAgentAsync();
        await instance.Server.ResumeAsync(None);
        await SayAsync(instance, "last words");

        await EnableAsync(instance, General, isEnabled: false);
        await SayAsync(instance, "unheard");
        await instance.Server.RestartAsync(() => { }, None);
        await SayAsync(instance, "unheard too");

        var text = await ReadAsync(instance, General);
        Assert.Contains("first words", text, StringComparison.Ordinal);
        Assert.Contains("last words", text, StringComparison.Ordinal);
        Assert.DoesNotContain("unheard", text, StringComparison.Ordinal);
        Assert.Equal(text, await ReadAsync(instance, General, most: 4096));
    }

    [Fact]
    public async Task What_takes_long_is_in_the_slow_query_log_and_what_does_not_is_not()
    {
        var instance = await fixture.NewMasterAsync();
        await EnableAsync(instance, SlowQuery);
        await SayAsync(instance, "quick words");
        await using (var client = await ConnectAsync(instance))
        {
            await client.ExecuteAsync(fixture.Words.TakeLong);
        }

        // It is answered before it is logged.
        var text = await Eventually.SeeAsync(
            "what took long is logged",
            TimeSpan.FromSeconds(30),
            () => ReadAsync(instance, SlowQuery),
            now => now.Contains(fixture.Words.TakeLong, StringComparison.Ordinal));
        Assert.DoesNotContain("quick words", text, StringComparison.Ordinal);
        Assert.Empty(await ReadAsync(instance, General));
    }

    [Fact]
    public async Task No_password_that_users_or_the_agent_say_is_read_from_any_log()
    {
        var master = await fixture.NewMasterAsync();
        var slave = await fixture.NewSlaveAsync();
        await EnableAllAsync(master);
        var offer = await fixture.AttachAsync(master, slave);
        await EnableAllAsync(slave);
        var said = fixture.Secret("SaidByAUser");
        await using (var client = await ConnectAsync(master))
        {
            foreach (var statement in fixture.Words.SayPassword(said))
            {
                try
                {
                    await client.ExecuteAsync(statement);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // Refused, and said all the same.
                }
            }

            await client.ExecuteAsync(fixture.Words.Say("the end of it"));
        }

        var user = new UserSpec("logged", fixture.Secret("OfALoggedUser"));
        await master.Accounts.CreateUsersAsync([user], None);
        await master.Accounts.ChangePasswordsAsync([user with { Password = fixture.Secret("OfALoggedUserAnew") }], None);
        await master.Accounts.EnableRootAsync(fixture.Secret("OfALoggedRoot"), None);

        var secrets = fixture.Secrets.Concat(fixture.SecretsOf(offer)).ToList();
        Assert.Contains("the end of it", await ReadAsync(master, General), StringComparison.Ordinal);
        foreach (var instance in new[] { master, slave })
        {
            foreach (var log in await LogsOf(instance).ListAsync(None))
            {
                var text = await ReadAsync(instance, log.Name);
                Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task A_log_has_a_bound_and_who_keeps_up_reads_everything_once()
    {
        const int Statements = 700;
        var instance = await fixture.NewMasterAsync();
        await EnableAsync(instance, General);
        var (text, next) = (new StringBuilder(), 0L);
        var filling = new string('x', 60 * 1024);
        await using (var client = await ConnectAsync(instance))
        {
            for (var number = 0; number < Statements; number++)
            {
                await client.ExecuteAsync(fixture.Words.Say($"number {number:D4} {filling}"));
                if (number % 100 == 0)
                {
                    await instance.Server.GetStatusAsync(None);
                    next = await ReadOnAsync(instance, next, text);
                }
            }
        }

        await Eventually.HoldsAsync("all is read", TimeSpan.FromSeconds(60), async () =>
        {
            await instance.Server.GetStatusAsync(None);
            next = await ReadOnAsync(instance, next, text);
            return text.ToString().Contains($"number {Statements - 1:D4}", StringComparison.Ordinal);
        });

        var read = text.ToString();
        Assert.Equal(
            Enumerable.Range(0, Statements).Select(number => $"number {number:D4}"),
            Numbers(read));
        var (first, end) = await RangeAsync(instance);
        Assert.True(first > 0 && end == next, $"{first} to {end}");
        var files = Directory.GetFiles(Path.GetDirectoryName(fixture.ServerLogOf(instance))!).Sum(file => new FileInfo(file).Length);
        Assert.InRange(files, 1, 48L << 20);

        // Who comes late has what there still is.
        Assert.Equal(first, (await LogsOf(instance).ReadAsync(General, 0, Piece, None)).From);
    }

    [Fact]
    public async Task Of_an_entry_that_is_too_long_the_beginning_is_read_and_all_that_comes_behind_it()
    {
        var instance = await fixture.NewMasterAsync();
        await EnableAsync(instance, General);
        await SayAsync(instance, "it begins " + new string('y', 3 << 20) + " it ends");
        await SayAsync(instance, "behind it");

        var text = await ReadAsync(instance, General);

        Assert.Contains("it begins", text, StringComparison.Ordinal);
        Assert.Contains("too long to be shown", text, StringComparison.Ordinal);
        Assert.DoesNotContain("it ends", text, StringComparison.Ordinal);
        Assert.Contains("behind it", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_volume_that_is_nearly_full_no_chosen_log_is_written_until_there_is_room()
    {
        var instance = fixture.NewInstance();
        await using var volume = await SmallVolume.MakeAsync(instance, FullServer.VolumeMegabytes);
        await fixture.PrepareMasterAsync(instance);
        await EnableAsync(instance, General);
        await SayAsync(instance, "with room");

        await volume.LeaveAsync(NearlyFullMegabytes);
        await SeeAsync(instance, "it is paused", () => instance.Told.Any(told => told.StartsWith("logs-paused", StringComparison.Ordinal)));
        await SayAsync(instance, "unheard");
        Assert.True((await LogsOf(instance).ListAsync(None)).Single(log => log.Name == General).IsEnabled);

        volume.MakeRoom();
        var said = 0;
        await Eventually.HoldsAsync("it is written again", TimeSpan.FromSeconds(30), async () =>
        {
            await instance.Server.GetStatusAsync(None);
            await SayAsync(instance, $"with room again {++said}");
            return (await ReadAsync(instance, General)).Contains($"with room again {said}", StringComparison.Ordinal);
        });
        var text = await ReadAsync(instance, General);
        Assert.Contains("with room", text, StringComparison.Ordinal);
        Assert.DoesNotContain("unheard", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enabling_that_is_cut_off_anywhere_is_finished_by_a_look_or_a_repetition()
    {
        var instance = await fixture.NewMasterAsync();
        for (var point = 0; ; point++)
        {
            await EnableAsync(instance, General, isEnabled: false);
            var isCut = false;
            using (fixture.CutAt(instance, point, atChanges: true, () => isCut = true))
            {
                try
                {
                    await EnableAsync(instance, General);
                }
                catch (Exception) when (isCut)
                {
                    // As if killed.
                }
            }

            await instance.RestartAgentAsync();
            await instance.Server.ResumeAsync(None);
            if ((await LogsOf(instance).ListAsync(None)).Single(log => log.Name == General).IsEnabled)
            {
                await Eventually.HoldsAsync("it is written", TimeSpan.FromSeconds(30), async () =>
                {
                    await instance.Server.GetStatusAsync(None);
                    await SayAsync(instance, $"at point {point}");
                    return (await ReadAsync(instance, General)).Contains($"at point {point}", StringComparison.Ordinal);
                });
            }

            await EnableAsync(instance, General);
            await SayAsync(instance, $"after point {point}");
            Assert.Contains($"after point {point}", await ReadAsync(instance, General), StringComparison.Ordinal);
            if (!isCut)
            {
                Assert.NotEqual(0, point);
                return;
            }
        }
    }

    [Fact]
    public async Task Parameters_of_users_neither_enable_nor_move_a_log()
    {
        var instance = await fixture.NewMasterAsync();
        Assert.Empty((await instance.Datastore.Configuration!.ApplyAsync(fixture.Words.OtherLogs, None)).WaitForRestart);
        await SayAsync(instance, "unheard");
        await instance.Server.RestartAsync(() => { }, None);
        await SayAsync(instance, "unheard too");
        Assert.Empty(await ReadAsync(instance, General));

        await EnableAsync(instance, General);
        await SayAsync(instance, "heard");
        Assert.Contains("heard", await ReadAsync(instance, General), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_of_a_server_that_is_stopped_can_be_read_and_enabled_for_its_next_start()
    {
        var instance = await fixture.NewMasterAsync();
        await instance.Server.StopAsync(None);

        Assert.NotEmpty(await ReadAsync(instance, Error));
        await EnableAsync(instance, General);
        await instance.Server.StartAsync(None);
        await SayAsync(instance, "heard");

        Assert.Contains("heard", await ReadAsync(instance, General), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_done_with_a_log_is_refused()
    {
        var instance = await fixture.AloneAsync();

        Assert.Equal(FaultKind.Precondition, await KindAsync(() => EnableAsync(instance, Error)));
        Assert.Equal(FaultKind.Precondition, await KindAsync(() => EnableAsync(instance, Error, isEnabled: false)));
        Assert.Equal(FaultKind.NotFound, await KindAsync(() => EnableAsync(instance, "../state/member.json")));
        Assert.Equal(FaultKind.NotFound, await KindAsync(() => LogsOf(instance).ReadAsync("guest", 0, Piece, None)));
    }

    private static Task SeeAsync(TestInstance instance, string expected, Func<bool> condition) =>
        Eventually.HoldsAsync(expected, TimeSpan.FromSeconds(30), async () =>
        {
            await instance.Server.GetStatusAsync(None);
            return condition();
        });

    private static ILogs LogsOf(TestInstance instance) => instance.Datastore.Logs!;

    private static Task EnableAsync(TestInstance instance, string log, bool isEnabled = true) =>
        LogsOf(instance).EnableAsync(log, isEnabled, None);

    private static async Task EnableAllAsync(TestInstance instance)
    {
        await EnableAsync(instance, General);
        await EnableAsync(instance, SlowQuery);
    }

    private static async Task<FaultKind> KindAsync(Func<Task> call) => (await Assert.ThrowsAsync<DatastoreException>(call)).Kind;

    private static async Task<(long First, long End)> RangeAsync(TestInstance instance)
    {
        var log = (await LogsOf(instance).ListAsync(None)).Single(one => one.Name == General);
        return (log.First, log.End);
    }

    private static IEnumerable<string> Numbers(string text)
    {
        for (var at = 0; (at = text.IndexOf("number ", at, StringComparison.Ordinal)) >= 0; at++)
        {
            yield return text.Substring(at, "number 0000".Length);
        }
    }

    private static async Task<string> ReadAsync(TestInstance instance, string log, int most = Piece)
    {
        var (text, next) = (new StringBuilder(), 0L);
        while (true)
        {
            var piece = await LogsOf(instance).ReadAsync(log, next, most, None);
            text.Append(Encoding.UTF8.GetString(piece.Content.Span));
            if (piece.Next == next || piece.Next == piece.End)
            {
                return text.ToString();
            }

            next = piece.Next;
        }
    }

    /// <summary>As far as it is written now, without waiting for more.</summary>
    private static async Task<long> ReadOnAsync(TestInstance instance, long next, StringBuilder text)
    {
        for (var (_, end) = await RangeAsync(instance); next < end;)
        {
            var piece = await LogsOf(instance).ReadAsync(General, next, Piece, None);
            Assert.True(piece.From == next, $"It goes on at {piece.From}, and had come to {next}.");
            text.Append(Encoding.UTF8.GetString(piece.Content.Span));
            if (piece.Next == next)
            {
                break;
            }

            next = piece.Next;
        }

        return next;
    }

    private Task<ITestClient> ConnectAsync(TestInstance instance) =>
        fixture.ConnectAsync(instance, DatastoreFixture.App.Name, DatastoreFixture.App.Password);

    private async Task SayAsync(TestInstance instance, string words)
    {
        await using var client = await ConnectAsync(instance);
        await client.ExecuteAsync(fixture.Words.Say(words));
    }
}
