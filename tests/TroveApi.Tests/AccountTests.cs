using Dbaas.Persistence;
using System.Text.Json.Nodes;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

public sealed class AccountTests : IAsyncLifetime
{
    private TestApi api = null!;
    private FakeAgent agent = null!;
    private string id = "";

    public static TheoryData<string> OddNames =>
    [
        "plain", "with space", "with.dot", "quote'\"`", "数据库", "жук", "+plus+",
        "m&a=b", "naïve", "tab\there", " leading", "a..b", "<tag>", "[x]{y}|z^", "~",
    ];

    public static TheoryData<string> NamesThatAddressesChange =>
        ["a/b", "a%b", "a%2Fb", "100%", "back\\slash", "semi;colon", "keep?old", "keep#old", ".hidden", "..."];

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

    [Theory]
    [MemberData(nameof(OddNames))]
    public async Task Users_with_odd_names_are_made_shown_granted_changed_and_deleted(string name)
    {
        const string host = "10.0.0.0/255.255.255.0";
        var address = $"/instances/{id}/users/{Uri.EscapeDataString($"{name}@{host}")}";
        agent.Databases.Add("shop");

        (await api.PostAsync(
            $"/instances/{id}/users",
            Body("users", new JsonObject { ["name"] = name, ["password"] = "p\" '\\ü\U0001F600", ["host"] = host }))).Expect(202);

        Assert.Equal("p\" '\\ü\U0001F600", agent.Passwords[$"{name}@{host}"]);
        var shown = (await api.GetAsync(address)).Expect(200)["user"]!;
        Assert.Equal((name, host), (shown["name"]!.GetValue<string>(), shown["host"]!.GetValue<string>()));
        (await api.PutAsync($"{address}/databases", """{"databases": [{"name": "shop"}]}""")).Expect(202);
        Assert.Equal("shop", (await api.GetAsync($"{address}/databases")).Expect(200)["databases"]![0]!["name"]!.GetValue<string>());
        (await api.DeleteAsync($"{address}/databases/shop")).Expect(202);
        (await api.PutAsync(
            $"/instances/{id}/users",
            Body("users", new JsonObject { ["name"] = name, ["password"] = "new", ["host"] = host }))).Expect(202);
        Assert.Equal("new", agent.Passwords[$"{name}@{host}"]);
        (await api.DeleteAsync(address)).Expect(202);
        Assert.Empty(agent.Users);
        (await api.GetAsync(address)).ExpectFault(404, "cannot be found");
    }

    [Theory]
    [MemberData(nameof(OddNames))]
    public async Task Databases_with_odd_names_are_made_listed_and_deleted(string name)
    {
        (await api.PostAsync($"/instances/{id}/databases", Body("databases", new JsonObject { ["name"] = name }))).Expect(202);

        Assert.Equal(name, (await api.GetAsync($"/instances/{id}/databases")).Expect(200)["databases"]![0]!["name"]!.GetValue<string>());
        (await api.DeleteAsync($"/instances/{id}/databases/{Uri.EscapeDataString(name)}")).Expect(202);
        Assert.Empty(agent.Databases);
    }

    [Theory]
    [MemberData(nameof(NamesThatAddressesChange))]
    public async Task Names_that_addresses_change_are_refused_at_creation_and_those_that_are_there_can_be_deleted(string name)
    {
        var made = Body("databases", new JsonObject { ["name"] = name });
        (await api.PostAsync($"/instances/{id}/databases", made)).ExpectFault(400, "in an address");
        var user = Body("users", new JsonObject { ["name"] = name, ["password"] = "p" });
        (await api.PostAsync($"/instances/{id}/users", user)).ExpectFault(400, "in an address");
        agent.Users.Add("plain@%", []);
        (await api.PutAsync($"/instances/{id}/users/plain", $$$"""{"user": {"name": {{{JsonValue.Create(name).ToJsonString()}}}}}""")).ExpectFault(400, "in an address");
        agent.Databases.Add(name);

        (await api.DeleteAsync($"/instances/{id}/databases/{Uri.EscapeDataString(name)}")).Expect(202);

        Assert.Empty(agent.Databases);
    }

    [Fact]
    public async Task A_user_whose_name_looks_like_one_with_a_host_is_not_made() =>
        (await api.PostAsync($"/instances/{id}/users", """{"users": [{"name": "app@10.0.0.1", "password": "p"}]}""")).ExpectFault(400, "'@'");

    [Fact]
    public async Task A_deletion_with_a_query_deletes_nothing()
    {
        agent.Databases.Add("keep");

        (await api.DeleteAsync($"/instances/{id}/databases/keep?old")).ExpectFault(400, "has no query");

        Assert.Equal(["keep"], agent.Databases);
    }

    [Fact]
    public async Task A_user_is_made_for_all_hosts_unless_one_is_named()
    {
        (await api.PostAsync($"/instances/{id}/users", Body("users", new JsonObject { ["name"] = "app", ["password"] = "x" }))).Expect(202);

        Assert.Equal("app@%", agent.Users.Keys.Single());
        (await api.GetAsync($"/instances/{id}/users/app")).Expect(200);
        (await api.GetAsync($"/instances/{id}/users/app@%25")).Expect(200);
        (await api.PutAsync($"/instances/{id}/users/app", """{"user": {"name": "app2", "host": "FE80::%"}}""")).Expect(202);
        Assert.Equal("app2@fe80::%", agent.Users.Keys.Single());
    }

    [Fact]
    public async Task A_network_is_named_with_its_slash_as_it_is_or_encoded()
    {
        const string host = "10.88.0.0/255.255.0.0";
        agent.Databases.Add("shop");
        (await api.PostAsync(
            $"/instances/{id}/users", Body("users", new JsonObject { ["name"] = "net", ["password"] = "x", ["host"] = host }))).Expect(202);
        foreach (var address in new[] { $"net@{host}", $"net%40{host}", $"net@{Uri.EscapeDataString(host)}" })
        {
            var user = $"/instances/{id}/users/{address}";
            Assert.Equal(host, (await api.GetAsync(user)).Expect(200)["user"]!["host"]!.GetValue<string>());
            (await api.PutAsync($"{user}/databases", """{"databases": [{"name": "shop"}]}""")).Expect(202);
            Assert.Equal("shop", (await api.GetAsync($"{user}/databases")).Expect(200)["databases"]![0]!["name"]!.GetValue<string>());
            (await api.DeleteAsync($"{user}/databases/shop")).Expect(202);
            (await api.PutAsync(user, """{"user": {"password": "y"}}""")).Expect(202);
        }

        (await api.GetAsync($"/instances/{id}/users/net/255.255.0.0")).ExpectFault(404, "cannot be found");
        (await api.DeleteAsync($"/instances/{id}/users/net@{host}")).Expect(202);
        Assert.Empty(agent.Users);
    }

    [Theory]
    [InlineData("web1.example.org", "names are not resolved")]
    [InlineData("10.88.0.1/255.255.0.0", "matches nobody")]
    public async Task A_host_from_which_nobody_could_log_in_is_refused_at_creation_and_at_a_change(string host, string word)
    {
        (await api.PostAsync(
            $"/instances/{id}/users",
            Body("users", new JsonObject { ["name"] = "app", ["password"] = "x", ["host"] = host }))).ExpectFault(400, word);
        (await api.PostAsync($"/instances/{id}/users", Body("users", new JsonObject { ["name"] = "app", ["password"] = "x" }))).Expect(202);
        (await api.PutAsync($"/instances/{id}/users/app", $$$"""{"user": {"host": "{{{host}}}"}}""")).ExpectFault(400, word);
    }

    [Fact]
    public async Task Lists_of_names_are_paged()
    {
        agent.Databases.UnionWith(Enumerable.Range(0, 25).Select(number => $"d{number:00}"));

        var first = (await api.GetAsync($"/instances/{id}/databases")).Expect(200);
        var second = (await api.GetAsync($"/instances/{id}/databases{new Uri(first["links"]![0]!["href"]!.GetValue<string>()).Query}"))
            .Expect(200);

        Assert.Equal((20, 5), (first["databases"]!.AsArray().Count, second["databases"]!.AsArray().Count));
        Assert.Null(second["links"]);
    }

    [Theory]
    [InlineData("users", """{"name": "", "password": "x"}""", "cannot be empty")]
    [InlineData("users", """{"name": "root", "password": "x"}""", "reserved")]
    [InlineData("users", """{"name": "repl_0123456789abcdef0123456789", "password": "x"}""", "reserved")]
    [InlineData("users", """{"name": "a ", "password": "x"}""", "ends with a blank")]
    [InlineData("users", """{"name": "a\u0000", "password": "x"}""", "does not take")]
    [InlineData("users", """{"name": "\ud83d\ude00", "password": "x"}""", "does not take")]
    [InlineData("users", """{"name": "u", "password": ""}""", "A password has 1 to 255 characters")]
    [InlineData("users", """{"name": "u", "password": "x", "host": "a b"}""", "host")]
    [InlineData("users", """{"name": "u", "password": "x", "admin": true}""", "not known here")]
    [InlineData("databases", """{"name": "MySQL"}""", "reserved")]
    [InlineData("databases", """{"name": "sys"}""", "reserved")]
    [InlineData("databases", """{"name": ""}""", "cannot be empty")]
    [InlineData("databases", """{"name": ".."}""", "address")]
    [InlineData("databases", """{"name": "d", "character_set": "utf8; drop"}""", "character set")]
    public async Task Names_that_an_engine_would_not_take_as_they_are_never_reach_it(string kind, string item, string message)
    {
        (await api.PostAsync($"/instances/{id}/{kind}", $$"""{"{{kind}}": [{{item}}]}""")).ExpectFault(400, message);

        Assert.Empty(agent.Users);
        Assert.Empty(agent.Databases);
    }

    [Fact]
    public async Task What_exists_cannot_be_made_again_and_what_does_not_exist_is_not_found()
    {
        agent.Databases.Add("shop");

        (await api.PostAsync($"/instances/{id}/databases", """{"databases": [{"name": "shop"}]}""")).ExpectFault(400, "exists");
        (await api.DeleteAsync($"/instances/{id}/databases/none")).ExpectFault(404, "no such database");
        (await api.DeleteAsync($"/instances/{id}/users/none")).ExpectFault(404, "none@%");
        (await api.GetAsync($"/instances/{id}/databases/shop")).ExpectFault(501, "");
    }

    [Fact]
    public async Task Root_is_enabled_shown_and_disabled()
    {
        (await api.DeleteAsync($"/instances/{id}/root")).ExpectFault(404, "never been enabled");
        Assert.False((await api.GetAsync($"/instances/{id}/root")).Expect(200)["rootEnabled"]!.GetValue<bool>());

        var user = (await api.PostAsync($"/instances/{id}/root", null)).Expect(200)["user"]!;

        Assert.Equal(("root", agent.RootPassword), (user["name"]!.GetValue<string>(), user["password"]!.GetValue<string>()));
        Assert.True((await api.GetAsync($"/instances/{id}/root")).Expect(200)["rootEnabled"]!.GetValue<bool>());
        (await api.PostAsync($"/instances/{id}/root", """{"password": "mine"}""")).Expect(200);
        Assert.Equal("mine", agent.RootPassword);
        var slave = await api.CreateSlaveAsync(id);
        Assert.True((await api.GetAsync($"/instances/{slave}/root")).Expect(200)["rootEnabled"]!.GetValue<bool>());
        (await api.DeleteAsync($"/instances/{id}/root")).Expect(204);
        Assert.Null(agent.RootPassword);
        Assert.False((await api.GetAsync($"/instances/{slave}/root")).Expect(200)["rootEnabled"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_slave_answers_reads_and_refuses_writes_with_its_masters_name()
    {
        var slave = await api.CreateSlaveAsync(id);
        await api.FinishAsync(slave);
        await using var slavesAgent = new FakeAgent(api, slave);

        (await api.GetAsync($"/instances/{slave}/databases")).Expect(200);
        (await api.PostAsync($"/instances/{slave}/databases", """{"databases": [{"name": "d"}]}""")).ExpectFault(422, id);
        (await api.PostAsync($"/instances/{slave}/users", """{"users": [{"name": "u", "password": "x"}]}""")).ExpectFault(422, id);
        (await api.PostAsync($"/instances/{slave}/root", null)).ExpectFault(422, id);
    }

    [Fact]
    public async Task Guests_are_not_asked_while_they_cannot_answer()
    {
        var building = await api.CreateAsync("m2");
        (await api.GetAsync($"/instances/{building}/users")).ExpectFault(422, $"Instance {building} is not ready, status: BUILD.");

        await api.FinishAsync(id, guest => guest with { ServerState = "Crashed" });
        (await api.GetAsync($"/instances/{id}/users")).ExpectFault(422, "is not ready, status: SHUTDOWN.");

        await api.FinishAsync(id);
        await api.Database.WriteAsync(
            unit =>
            {
                OperationRows.Insert(unit, "op", OperationKinds.DemoteMaster, id, null, 1);
                LockRows.TryOwn(unit, id, "op", onlyReady: true, onlyWithoutSlaves: false);
            },
            CancellationToken.None);
        (await api.GetAsync($"/instances/{id}/users")).ExpectFault(422, "demote-master under way");
    }

    [Fact]
    public async Task A_guest_that_does_not_answer_in_time_is_troves_400()
    {
        await using var impatient = await TestApi.StartAsync(TestApi.Relaxed with { GuestTimeout = TimeSpan.FromSeconds(1) });
        var silent = await impatient.CreateReadyAsync();

        (await impatient.GetAsync($"/instances/{silent}/users")).ExpectFault(400, "Timeout trying to connect to the Guest Agent.");
    }

    [Fact]
    public async Task An_answer_that_came_to_another_process_is_heard_of_soon()
    {
        await using var there = await TestApi.StartAsync(TestApi.Relaxed with { GuestTimeout = TimeSpan.FromMinutes(5) });
        var served = await there.CreateReadyAsync();
        await using var elsewhere = new FakeAgent(there, served, isElsewhere: true);

        (await there.GetAsync($"/instances/{served}/users").WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken))
            .Expect(200);
    }

    private static string Body(string kind, JsonObject item) => new JsonObject { [kind] = new JsonArray(item) }.ToJsonString();
}
