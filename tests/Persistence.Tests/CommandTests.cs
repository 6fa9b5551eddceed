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

        Assert.Equal(command, Assert.Single(await on.Read(unit => CommandRows.Waiting(unit, id, now: 1))));
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
        Assert.Empty(await on.Read(unit => CommandRows.Waiting(unit, id, now: 1)));
    }

    [Fact]
    public async Task Asking_again_after_the_answer_does_not_ask_again()
    {
        var id = on.Ids.NewId();
        await on.Write(unit => CommandRows.Ensure(unit, Make.Command(id, id)));
        await on.Write(unit => CommandRows.Answer(unit, id, id, "first"));

        await on.Write(unit => CommandRows.Ensure(unit, Make.Command(id, id)));

        Assert.Equal("first", (await on.Read(unit => CommandRows.Find(unit, id)))!.Reply);
        Assert.Empty(await on.Read(unit => CommandRows.Waiting(unit, id, now: 1)));
    }

    [Fact]
    public async Task Those_that_wait_come_oldest_first_and_not_after_they_expired()
    {
        var instance = on.Ids.NewId();
        await on.Write(unit =>
        {
            CommandRows.Ensure(unit, Make.Command("c" + instance, instance) with { Created = 3 });
            CommandRows.Ensure(unit, Make.Command("b" + instance, instance) with { Created = 2, Expires = 10 });
            CommandRows.Ensure(unit, Make.Command("d" + instance, instance) with { Created = 1 });
            CommandRows.Ensure(unit, Make.Command("a" + instance, instance) with { Created = 3 });
        });

        Assert.Equal("dbac", await OrderAsync(instance, now: 9));
        Assert.Equal("dac", await OrderAsync(instance, now: 10));
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

    private async Task<string> OrderAsync(string instance, long now) =>
        string.Concat((await on.Read(unit => CommandRows.Waiting(unit, instance, now))).Select(command => command.Id[0]));
}

public sealed class CommandTestsOnSqlite(SqliteControlDatabase on) : CommandTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class CommandTestsOnMariaDb(MariaDbControlDatabase on) : CommandTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class CommandTestsOnMySql(MySqlControlDatabase on) : CommandTests(on), IClassFixture<MySqlControlDatabase>;
