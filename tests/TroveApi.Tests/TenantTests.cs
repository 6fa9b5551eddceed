using System.Text.RegularExpressions;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

/// <summary>
/// One project against another's things: every route of the running API, and every place in a body that names something. A route that is
/// not described here fails the test.
/// </summary>
public sealed partial class TenantTests : IAsyncLifetime
{
    private const string Stranger = "blue-member";
    private TestApi api = null!;
    private string instance = "";
    private string slave = "";
    private string group = "";
    private string backup = "";
    private string schedule = "";

    /// <summary>Good bodies, so that nothing but the owner can be wrong.</summary>
    private static readonly Dictionary<string, string[]> Bodies = new()
    {
        ["PUT /instances/{id}"] =
        [
            NewName, """{"instance": {"access": {"is_public": false}}}""", """{"instance": {"replica_of": ""}}""",
            """{"instance": {"point_in_time_recovery": false}}""",
            """{"instance": {"deletion_protection": true}}""",
        ],
        ["PATCH /instances/{id}"] = [NewName],
        ["POST /instances/{id}/action"] =
        [
            """{"restart": {}}""", """{"resize": {"volume": {"size": 2}}}""", """{"resize": {"flavorRef": "8"}}""", """{"reset_status": {}}""",
            """{"detach_replication": {}}""", """{"promote_to_replica_source": {}}""",
        ],
        ["POST /instances/{id}/databases"] = ["""{"databases": [{"name": "d"}]}"""],
        ["POST /instances/{id}/users"] = [NewUser],
        ["PUT /instances/{id}/users"] = [NewUser],
        ["PUT /instances/{id}/users/{user}"] = ["""{"user": {"password": "p"}}"""],
        ["PUT /instances/{id}/users/{user}/{mask:mask}"] = ["""{"user": {"password": "p"}}"""],
        ["PUT /instances/{id}/users/{user}/databases"] = ["""{"databases": [{"name": "d"}]}"""],
        ["POST /instances/{id}/log"] = ["""{"name": "general", "publish": 1}"""],
        ["PUT /instances/{id}/users/{user}/{mask:mask}/databases"] = ["""{"databases": [{"name": "d"}]}"""],
        ["POST /instances/{id}/root"] = ["""{"password": "p"}"""],
        ["PUT /configurations/{id}"] = [NewGroup],
        ["PATCH /configurations/{id}"] = [NewGroup],
        ["PUT /backup_key"] = [Key("age1ngekku5xslpm0a6z95ume6eg6muarp5d2zz0nlfjjhtzumsxsv9sm6n6nh")],
        ["POST /backups/{id}/action"] = ["""{"verify": {}}"""],
        ["PATCH /backup_schedules/{id}"] = ["""{"backup_schedule": {"name": "x"}}"""],
    };

    /// <summary>They make something of the caller's own; whom their bodies name is looked at below.</summary>
    private static readonly string[] Makers =
        ["POST /instances", "POST /configurations", "POST /backups", "POST /backup_strategies", "POST /backup_schedules"];

    private const string NewName = """{"instance": {"name": "x"}}""";
    private const string OwnKey = "age1kptxvd3le7h6c0em9pal4scnys3ftvtw7eww8frgfkujf5amd9xq4f0hvq";
    private const string NewUser = """{"users": [{"name": "u", "password": "p"}]}""";
    private const string NewGroup = """{"configuration": {"name": "g", "values": {}}}""";

    public async ValueTask InitializeAsync()
    {
        api = await TestApi.StartAsync();
        instance = await api.CreateReadyAsync();
        slave = await api.CreateSlaveAsync(instance);
        await api.FinishAsync(slave);
        backup = await api.AddBackupAsync(instance);
        schedule = (await api.PostAsync("/backup_schedules", Schedule(instance))).Expect(201)["backup_schedule"]!["id"]!.GetValue<string>();
        (await api.SendAsync("PUT", "/backup_key", Key(OwnKey), TestApi.Member)).Expect(200);
        group = (await api.PostAsync("/configurations", NewGroup)).Expect(200)["configuration"]!["id"]!.GetValue<string>();
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task No_route_shows_or_changes_what_is_anothers()
    {
        var tried = 0;
        foreach (var (method, pattern) in api.Routes.Where(route => !route.Pattern.StartsWith("/mgmt", StringComparison.Ordinal)))
        {
            if (Makers.Contains($"{method} {pattern}"))
            {
                continue;
            }

            foreach (var body in method is "POST" or "PUT" or "PATCH" ? BodiesOf(method, pattern) : new string?[] { null })
            {
                string[] all = [instance, slave, group, backup, schedule];
                foreach (var id in pattern.Contains("{id}", StringComparison.Ordinal) ? all : [""])
                {
                    await TryAsync(method, pattern, id, body);
                    tried++;
                }
            }
        }

        Assert.True(tried > 80, $"Only {tried} requests were made.");
        await NothingChangedAsync();
    }

    [Fact]
    public async Task Nothing_of_management_answers_a_member()
    {
        var tried = 0;
        foreach (var (method, pattern) in api.Routes.Where(route => route.Pattern.StartsWith("/mgmt", StringComparison.Ordinal)))
        {
            foreach (var member in new[] { Stranger, TestApi.Member })
            {
                var reply = await api.SendAsync(method, Filled(pattern, instance), method is "GET" or "DELETE" ? null : "{}", member);
                Assert.True(reply.Status is 401 or 403, $"{method} {pattern} answered {reply.Status}");
                tried++;
            }
        }

        Assert.True(tried > 20, $"Only {tried} requests were made.");
        await NothingChangedAsync();
    }

    [Theory]
    [InlineData("slaveOf", "\"INSTANCE\"")]
    [InlineData("slave_of", "\"INSTANCE\"")]
    [InlineData("replica_of", "\"http://127.0.0.1/v1.0/red/instances/INSTANCE\"")]
    [InlineData("slaveOf", "{\"id\": \"INSTANCE\"}")]
    [InlineData("restorePoint", "{\"backupRef\": \"BACKUP\"}")]
    [InlineData("configuration", "\"GROUP\"")]
    [InlineData("configuration", "{\"id\": \"GROUP\"}")]
    [InlineData("configuration", "\"http://127.0.0.1/v1.0/red/configurations/GROUP\"")]
    public async Task No_body_of_a_creation_reaches_what_is_anothers(string field, string value)
    {
        var given = value.Replace("INSTANCE", instance, StringComparison.Ordinal).Replace("GROUP", group, StringComparison.Ordinal)
            .Replace("BACKUP", backup, StringComparison.Ordinal);
        var volume = field is "configuration" or "restorePoint" ? ", \"flavorRef\": \"7\", \"volume\": {\"size\": 1}" : "";

        (await api.PostAsync("/instances", $$$"""{"instance": {"name": "s", "{{{field}}}": {{{given}}}{{{volume}}}}}""", Stranger)).Expect(404);

        Assert.Empty((await api.GetAsync("/instances", Stranger)).Expect(200)["instances"]!.AsArray());
        await NothingChangedAsync();
    }

    [Theory]
    [InlineData("""{"backup": {"name": "b", "instance": "INSTANCE"}}""")]
    [InlineData("""{"backup": {"name": "b", "instance": "http://127.0.0.1/v1.0/red/instances/INSTANCE"}}""")]
    [InlineData("""{"backup": {"name": "b", "instance": "INSTANCE", "parent_id": "BACKUP"}}""")]
    public async Task Nobody_backs_up_what_is_anothers(string body)
    {
        var given = body.Replace("INSTANCE", instance, StringComparison.Ordinal).Replace("BACKUP", backup, StringComparison.Ordinal);

        (await api.PostAsync("/backups", given, Stranger)).Expect(404);

        Assert.Empty((await api.GetAsync("/backups", Stranger)).Expect(200)["backups"]!.AsArray());
        (await api.GetAsync("/backups?all_projects=true", Stranger)).Expect(403);
        await NothingChangedAsync();
    }

    [Fact]
    public async Task Nobody_schedules_backups_of_what_is_anothers_or_sees_what_anothers_schedule_took()
    {
        (await api.PostAsync("/backup_schedules", Schedule(instance), Stranger)).Expect(404);

        Assert.Empty((await api.GetAsync("/backup_schedules", Stranger)).Expect(200)["backup_schedules"]!.AsArray());
        Assert.Empty((await api.GetAsync($"/backups?schedule_id={schedule}", Stranger)).Expect(200)["backups"]!.AsArray());
        (await api.DeleteAsync($"/instances/{instance}?final_backup=last", Stranger)).Expect(404);
        await NothingChangedAsync();
    }

    [Fact]
    public async Task A_token_is_good_for_its_project_only_and_an_administrators_for_all_projects()
    {
        (await api.SendAsync("GET", $"//v1.0/red/instances/{instance}", null, Stranger)).ExpectFault(403, "cannot access this resource");
        (await api.GetAsync($"/instances/{instance}", "blue-admin")).Expect(200);
    }

    private async Task TryAsync(string method, string pattern, string id, string? body)
    {
        var reply = await api.SendAsync(method, Filled(pattern, id), body, Stranger);

        var what = $"{method} {pattern} {body} answered {reply.Status}: {reply.Body}";
        if (id.Length > 0)
        {
            // 501: nobody has it. What is asked is in the answer, since it says what cannot be found.
            Assert.True(reply.Status is 404 or 501, what);
        }
        else
        {
            Assert.True(reply.Status is 200 or 204 or 400 or 404, what);
            Assert.DoesNotContain(instance, reply.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(OwnKey, reply.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(slave, reply.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(group, reply.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(backup, reply.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(schedule, reply.Body, StringComparison.Ordinal);
        }
    }

    private async Task NothingChangedAsync()
    {
        foreach (var id in new[] { instance, slave })
        {
            Assert.Equal("ACTIVE", (await api.GetAsync($"/instances/{id}")).Expect(200)["instance"]!["status"]!.GetValue<string>());
            Assert.Empty(await api.OperationsAsync(id));
        }

        Assert.Equal(OwnKey, (await api.GetAsync("/backup_key")).Expect(200)["backup_key"]!["recipient"]!.GetValue<string>());
        Assert.Equal(
            "nightly", (await api.GetAsync($"/backup_schedules/{schedule}")).Expect(200)["backup_schedule"]!["name"]!.GetValue<string>());
        Assert.Equal("g", (await api.GetAsync($"/configurations/{group}")).Expect(200)["configuration"]!["name"]!.GetValue<string>());
    }

    private static string Key(string recipient) => $$$"""{"backup_key": {"recipient": "{{{recipient}}}"}}""";

    private static string Schedule(string instance) =>
        $$"""{"backup_schedule": {"name": "nightly", "cron": "0 3 * * *", "instance": "{{instance}}"} }""";

    private static string[] BodiesOf(string method, string pattern) =>
        Bodies.TryGetValue($"{method} {pattern}", out var bodies)
            ? bodies
            : throw new InvalidOperationException($"{method} {pattern} is new: say here what its body is.");

    private static string Filled(string pattern, string id) => Other().Replace(
        pattern.Replace("{id}", id, StringComparison.Ordinal)
            .Replace("{user}/{mask:mask}", "x@10.0.0.0/255.0.0.0", StringComparison.Ordinal),
        "x");

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Other();
}
