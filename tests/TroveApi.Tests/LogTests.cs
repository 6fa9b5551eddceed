using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Logs;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Testing;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

public sealed class LogTests : IAsyncLifetime
{
    private const string Stranger = "blue-member";

    private TestApi api = null!;
    private FakeAgent agent = null!;
    private string id = "";

    private string Log => PublishedLog.IdOf(id, "general");

    public async ValueTask InitializeAsync()
    {
        api = await TestApi.StartAsync();
        id = await api.CreateReadyAsync();
        agent = new FakeAgent(api, id);
    }

    public async ValueTask DisposeAsync()
    {
        await agent.DisposeAsync();
        await api.DisposeAsync();
    }

    [Fact]
    public async Task Logs_are_listed_in_Troves_words()
    {
        var logs = (await api.GetAsync($"/instances/{id}/log")).Expect(200)["logs"]!.AsArray();

        Assert.Equal(
            ["error SYS Ready 0 30", "general USER Disabled 0 0", "slow_query USER Disabled 0 0"],
            logs.Select(log => $"{log!["name"]} {log["type"]} {log["status"]} {log["published"]} {log["pending"]}"));
        Assert.All(logs, log => Assert.Equal("None", log!["container"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_log_is_enabled_shown_and_disabled()
    {
        Assert.Equal("Enabled", (await ActAsync("enable"))["status"]!.GetValue<string>());
        agent.LogEnds["general"] = 40;
        Assert.Equal(("Ready", 40), Seen(await ActAsync()));
        Assert.Equal("Disabled", (await ActAsync("disable"))["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Publishing_enables_the_log_and_waits_for_its_end()
    {
        agent.LogEnds["general"] = 40;
        var asked = ActAsync("publish");
        await PublishAsync("all of it\n", 40, new PublishLogGoal(false, true));

        Assert.Equal(("Published", 0), Seen(await asked));
        Assert.Contains("general", agent.EnabledLogs);
    }

    [Fact]
    public async Task Publishing_what_is_to_be_disabled_disables_it_and_discards_before_it_publishes()
    {
        await ActAsync("enable");
        agent.LogEnds["general"] = 40;
        var asked = ActAsync("publish", "disable", "discard");
        await PublishAsync("all of it\n", 40, new PublishLogGoal(true, true));

        Assert.Equal("Disabled", (await asked)["status"]!.GetValue<string>());
        Assert.Empty(agent.EnabledLogs);
    }

    [Fact]
    public async Task A_log_that_is_being_published_is_not_published_a_second_time()
    {
        var asked = ActAsync("publish");
        await Eventually.HoldsAsync("it is begun", TimeSpan.FromSeconds(30), async () => (await api.OperationsAsync(id)).Count == 1);

        (await PostAsync("""{"name": "general", "publish": 1}""")).ExpectFault(422, "is being published");
        await PublishAsync("", 0, new PublishLogGoal(false, true));
        await asked;
    }

    [Fact]
    public async Task A_publication_that_fails_says_why()
    {
        var asked = PostAsync("""{"name": "general", "publish": 1}""");
        await EndAsync(OperationStatus.Failed, "The store is away.");

        (await asked).ExpectFault(400, "The store is away.");
    }

    [Theory]
    [InlineData("""{"name": "general", "enable": 1, "disable": 1}""", 400, "Cannot enable and disable")]
    [InlineData("""{"name": "error", "enable": 1}""", 400, "Cannot enable a SYSTEM log")]
    [InlineData("""{"name": "error", "disable": 1}""", 400, "Cannot disable a SYSTEM log")]
    [InlineData("""{"name": "guest"}""", 404, "not defined")]
    [InlineData("""{"publish": 1}""", 400, "'name' is a required property")]
    [InlineData("""{"name": "general", "rotate": 1}""", 400, "is not known here")]
    [InlineData("""{"name": "general", "publish": 2}""", 400, "maximum")]
    public async Task What_cannot_be_done_is_refused(string body, int status, string message) =>
        (await PostAsync(body)).ExpectFault(status, message);

    [Fact]
    public async Task What_was_published_is_read_whole_or_its_last_lines_also_when_the_guest_is_silent()
    {
        await PublishThreeAsync();
        await agent.DisposeAsync();

        Assert.Equal("one\ntwo\nthree\nfour\nfive\n", await ReadAsync(""));
        Assert.Equal("five\n", await ReadAsync("?lines=1"));
        Assert.Equal("two\nthree\nfour\nfive\n", await ReadAsync("?lines=4"));
        Assert.Equal("one\ntwo\nthree\nfour\nfive\n", await ReadAsync("?lines=500"));
        agent = new FakeAgent(api, id);
    }

    [Fact]
    public async Task What_was_never_published_is_not_found_and_a_store_that_is_away_is_said()
    {
        (await api.GetAsync($"/instances/{id}/log/general")).ExpectFault(404, "Nothing of the log general is published");
        (await api.GetAsync($"/instances/{id}/log/..%2Ferror")).ExpectFault(404, "published");
        await PublishThreeAsync();
        (await api.GetAsync($"/instances/{id}/log/general?lines=0")).ExpectFault(400, "lines");
        (await api.GetAsync($"/instances/{id}/log/general?lines=-1")).ExpectFault(400, "lines");
        api.PublishedLogs.IsAway = true;
        (await api.GetAsync($"/instances/{id}/log/general")).ExpectFault(503, "try again");
    }

    [Fact]
    public async Task Nobody_reads_the_log_of_another_project()
    {
        await PublishThreeAsync();

        (await api.GetAsync($"/instances/{id}/log/general", Stranger)).ExpectFault(404, "cannot be found");
        (await api.GetAsync($"/instances/{id}/log", Stranger)).ExpectFault(404, "cannot be found");
        (await api.PostAsync($"/instances/{id}/log", """{"name": "general", "publish": 1}""", Stranger)).ExpectFault(404, "cannot be found");
    }

    [Fact]
    public async Task An_agent_that_knows_no_logs_is_to_be_brought_up_to_date()
    {
        await api.Database.WriteAsync(
            unit => GuestRows.SetAgent(unit, id, new AgentFacts { AgentVersion = "1", Protocol = 5 }), CancellationToken.None);

        (await api.GetAsync($"/instances/{id}/log")).ExpectFault(422, "bring the agent up to date");
    }

    private async Task PublishThreeAsync()
    {
        await api.Database.WriteAsync(
            unit =>
            {
                GuestLogRows.Ensure(unit, id, "general", "place", "secret");
                Add(unit, 0, 0, "one\ntwo\n");
                Add(unit, 1, 10, "three\n");
                Add(unit, 2, 20, "four\nfive\n");
            },
            CancellationToken.None);
    }

    private void Add(IUnit unit, int number, long asked, string text)
    {
        api.PublishedLogs.Objects[$"part {number}"] = text;
        var part = new PublishedPart { Number = number, Object = $"part {number}", LineCount = text.Count(c => c == '\n'), Created = 1 };
        Assert.True(GuestLogRows.TryAddPart(unit, Log, part, asked, asked + 10, 10));
    }

    /// <summary>What the task manager does.</summary>
    private async Task PublishAsync(string text, long next, PublishLogGoal goal)
    {
        var operation = await BegunAsync();
        Assert.Equal((OperationKinds.PublishLog, Subject.GuestLog(Log)), (operation.Kind, operation.Subject));
        Assert.Equal(goal, JsonSerializer.Deserialize<PublishLogGoal>(operation.Goal!, JsonSerializerOptions.Web));
        if (text.Length > 0)
        {
            var part = new PublishedPart { Number = 0, Object = "part", LineCount = 1, Created = 1 };
            Assert.True(await api.Database.WriteAsync(
                unit => GuestLogRows.TryAddPart(unit, Log, part, 0, next, next), CancellationToken.None));
        }

        await EndAsync(OperationStatus.Succeeded, null);
    }

    private async Task<Operation> BegunAsync() => (await Eventually.SeeAsync(
        "an operation is begun", TimeSpan.FromSeconds(30), () => api.OperationsAsync(id), operations => operations.Count == 1))[0];

    private async Task EndAsync(OperationStatus status, string? fault)
    {
        var operation = await BegunAsync();
        await api.Database.WriteAsync(
            unit =>
            {
                OperationRows.Save(unit, operation with { Fault = fault });
                OperationRows.End(unit, operation.Id, status, 1);
            },
            CancellationToken.None);
    }

    private async Task<string> ReadAsync(string query)
    {
        var reply = await api.GetAsync($"/instances/{id}/log/general{query}");
        Assert.Equal(200, reply.Status);
        return reply.Body;
    }

    private async Task<JsonNode> ActAsync(params string[] actions) =>
        (await PostAsync($$"""{"name": "general"{{string.Concat(actions.Select(action => $", \"{action}\": 1"))}}}""")).Expect(200)["log"]!;

    private Task<Reply> PostAsync(string body) => api.PostAsync($"/instances/{id}/log", body);

    private static (string Status, long Pending) Seen(JsonNode log) =>
        (log["status"]!.GetValue<string>(), log["pending"]!.GetValue<long>());
}
