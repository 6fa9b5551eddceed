using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

public abstract class CommandTests(ControlDatabase on)
{
    [Fact]
    public async Task Asking_twice_is_asking_once()
    {
        var id = on.Ids.NewId();
        var command = Make.Command(id, id) with { FenceGeneration = 1, FenceCounter = 7 };

        await on.Write(unit => CommandRows.Ensure(unit, command));
        await on.Write(unit => CommandRows.Ensure(unit, command with { Body = "another" }));

        Assert.Equal(command, Assert.Single(await on.Read(unit => CommandRows.Waiting(unit, [id]))));
        Assert.Equal(command, await on.Read(unit => CommandRows.Find(unit, id)));
    }

    [Fact]
    public async Task Only_the_first_answer_counts_and_only_from_the_instance_that_was_asked()
    {
        var id = on.Ids.NewId();
        await on.Write(unit => CommandRows.Ensure(unit, Make.Command(id, id)));

        Assert.False(await on.Write(unit => CommandRows.Answer(unit, id, "stranger", "forged")));
        Assert.True(await on.Write(unit => CommandRows.Answer(unit, id, id, "first")));
        Assert.False(await on.Write(unit => CommandRows.Answer(unit, id, id, "second")));
        Assert.False(await on.Write(unit => CommandRows.Answer(unit, "unknown", id, "first")));

        var answered = await on.Read(unit => CommandRows.Find(unit, id));
        Assert.Equal((true, "first", null), (answered!.Answered, answered.Reply, answered.Body));
        Assert.Empty(await on.Read(unit => CommandRows.Waiting(unit, [id])));
    }

    [Fact]
    public async Task Asking_again_after_the_answer_does_not_ask_again()
    {
        var id = on.Ids.NewId();
        await on.Write(unit => CommandRows.Ensure(unit, Make.Command(id, id)));
        await on.Write(unit => CommandRows.Answer(unit, id, id, "first"));

        await on.Write(unit => CommandRows.Ensure(unit, Make.Command(id, id)));

        Assert.Equal("first", (await on.Read(unit => CommandRows.Find(unit, id)))!.Reply);
        Assert.Empty(await on.Read(unit => CommandRows.Waiting(unit, [id])));
    }

    [Fact]
    public async Task Former_tries_go_that_were_answered_and_nothing_else()
    {
        var instance = on.Ids.NewId();
        var question = $"{on.Ids.NewId()}/step0.0/ping/";
        foreach (var number in new[] { "1", "2", "3", "4" })
        {
            await on.Write(unit => CommandRows.Ensure(unit, Make.Command(question + number, instance)));
        }

        await on.Write(unit => CommandRows.Ensure(unit, Make.Command(question[..^1] + "x/1", instance)));
        foreach (var answered in new[] { question + "1", question + "3", question + "4", question[..^1] + "x/1" })
        {
            await on.Write(unit => CommandRows.Answer(unit, answered, instance, "no"));
        }

        await on.Write(unit => CommandRows.RemoveTries(unit, question, question + "4", "another"));
        await on.Write(unit => CommandRows.RemoveTries(unit, question, question + "4", instance));

        var left = await on.Read(unit => new[] { question + "1", question + "2", question + "3", question + "4", question[..^1] + "x/1" }
            .Where(id => CommandRows.Find(unit, id) is not null).ToArray());
        Assert.Equal([question + "2", question + "4", question[..^1] + "x/1"], left);
    }

    [Fact]
    public async Task Those_that_wait_come_oldest_first_and_not_after_they_expired()
    {
        var (instance, other) = (on.Ids.NewId(), on.Ids.NewId());
        await on.Write(unit =>
        {
            CommandRows.Ensure(unit, Make.Command("c" + instance, instance) with { Created = 3 });
            CommandRows.Ensure(unit, Make.Command("b" + instance, instance) with { Created = 2, Expires = ControlPlaneRows.Now(unit) - 1 });
            CommandRows.Ensure(unit, Make.Command("d" + instance, instance) with { Created = 1 });
            CommandRows.Ensure(
                unit, Make.Command("a" + instance, instance) with { Created = 3, Expires = ControlPlaneRows.Now(unit) + 600_000 });
            CommandRows.Ensure(unit, Make.Command("o" + other, other) with { Created = 2 });
        });

        Assert.Equal("dac", await OrderAsync(instance));
        Assert.Equal("doac", await OrderAsync(instance, other));
        Assert.Equal("", await OrderAsync());
    }

    [Fact]
    public async Task What_is_new_is_not_what_was_asked_long_ago_and_who_waits_for_answers_asks_for_all_at_once()
    {
        var id = on.Ids.NewId();
        await on.Write(unit =>
        {
            var now = ControlPlaneRows.Now(unit);
            CommandRows.Ensure(unit, Make.Command("old" + id, id) with { Created = now - 130_000 });
            CommandRows.Ensure(unit, Make.Command("new" + id, id) with { Created = now - 110_000 });
        });

        var found = await on.Read(unit => CommandRows.New(unit, TimeSpan.FromMinutes(2)));
        Assert.Equal(["new" + id], found.Where(command => command.InstanceId == id).Select(command => command.Id));
        Assert.Empty(await AnsweredAsync());
        await on.Write(unit => CommandRows.Answer(unit, "old" + id, id, "done"));
        Assert.Equal(["old" + id], await AnsweredAsync());

        Task<IReadOnlyList<string>> AnsweredAsync() =>
            on.Read(unit => CommandRows.Answered(unit, ["old" + id, "new" + id, "unknown"]));
    }

    [Fact]
    public async Task What_is_withdrawn_is_what_nobody_has_answered_of_one_operation_and_one_instance()
    {
        var (instance, other, operation) = (on.Ids.NewId(), on.Ids.NewId(), on.Ids.NewId());
        await on.Write(unit =>
        {
            CommandRows.Ensure(unit, Make.Command("open" + instance, instance) with { OperationId = operation });
            CommandRows.Ensure(unit, Make.Command("answered" + instance, instance) with { OperationId = operation });
            CommandRows.Ensure(unit, Make.Command("another's" + instance, instance) with { OperationId = other });
            CommandRows.Ensure(unit, Make.Command("elsewhere" + instance, other) with { OperationId = operation });
            CommandRows.Answer(unit, "answered" + instance, instance, "done");
        });

        await on.Write(unit => CommandRows.Withdraw(unit, operation, instance));

        Assert.Null(await on.Read(unit => CommandRows.Find(unit, "open" + instance)));
        Assert.Equal("done", (await on.Read(unit => CommandRows.Find(unit, "answered" + instance)))!.Reply);
        Assert.NotNull(await on.Read(unit => CommandRows.Find(unit, "another's" + instance)));
        Assert.NotNull(await on.Read(unit => CommandRows.Find(unit, "elsewhere" + instance)));
    }

    [Fact]
    public async Task The_last_try_of_a_question_is_the_one_with_the_highest_number_whatever_clocks_say()
    {
        var (instance, question) = (on.Ids.NewId(), on.Ids.NewId() + "/step3.1/ping/");
        await on.Write(unit =>
        {
            CommandRows.Ensure(unit, Make.Command(question + "000002/x", instance) with { Created = 5 });
            CommandRows.Ensure(unit, Make.Command(question + "000010/x", instance) with { Created = 1 });
            CommandRows.Ensure(unit, Make.Command(question + "000000/x", instance) with { Created = 9 });
        });

        Assert.Equal(question + "000010/x", (await on.Read(unit => CommandRows.FindLast(unit, question, instance)))!.Id);
        Assert.Null(await on.Read(unit => CommandRows.FindLast(unit, question, on.Ids.NewId())));
    }

    private async Task<string> OrderAsync(params string[] instances) =>
        string.Concat((await on.Read(unit => CommandRows.Waiting(unit, instances))).Select(command => command.Id[0]));
}

public sealed class CommandTestsOnSqlite(SqliteControlDatabase on) : CommandTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class CommandTestsOnMariaDb(MariaDbControlDatabase on) : CommandTests(on), IClassFixture<MariaDbControlDatabase>
{
    private readonly ControlDatabase on = on;

    [Fact]
    public async Task Of_two_commits_that_cross_none_is_missed_by_who_looks_for_what_is_new()
    {
        var (early, late) = (on.Ids.NewId(), on.Ids.NewId());
        using var written = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();

        // Written first, and committed last.
        var slow = on.Other.WriteAsync(
            unit =>
            {
                CommandRows.Ensure(unit, Make.Command(early, early) with { Created = ControlPlaneRows.Now(unit) });
                written.Set();
                release.Wait(TestContext.Current.CancellationToken);
            },
            TestContext.Current.CancellationToken);
        written.Wait(TestContext.Current.CancellationToken);
        await on.Write(unit => CommandRows.Ensure(unit, Make.Command(late, late) with { Created = ControlPlaneRows.Now(unit) }));
        Assert.Equal([late], await NewAsync());
        release.Set();
        await slow;

        Assert.Equal([early, late], await NewAsync());
        await on.Write(unit => CommandRows.Answer(unit, late, late, "done"));
        Assert.Equal([early], await NewAsync());

        async Task<IEnumerable<string>> NewAsync() =>
            (await on.Database.ReadAsync(unit => CommandRows.New(unit, TimeSpan.FromMinutes(2)), TestContext.Current.CancellationToken))
                .Where(command => command.InstanceId == early || command.InstanceId == late).Select(command => command.Id).Order();
    }
}

public sealed class CommandTestsOnMySql(MySqlControlDatabase on) : CommandTests(on), IClassFixture<MySqlControlDatabase>;
