using System.Text.Json.Nodes;
using Dbaas.TroveCli.Failures;

namespace Dbaas.TroveCli.Tests;

/// <summary>What administrators do.</summary>
public sealed class ManagementTests : TroveTest
{
    private const string Path = $"/mgmt/instances/{Documents.MasterId}";

    [Fact]
    public async Task Instances_of_all_projects_are_listed_with_server_and_task()
    {
        Cloud.Answers("GET /mgmt/instances?project_id=p%201&deleted=true&limit=5", """
            {"instances": [{"id": "i1", "name": "m1", "tenant_id": "p 1", "status": "ACTIVE",
              "server": {"status": "ACTIVE", "host": "h1"}, "task_description": "No tasks for the instance."}]}
            """);

        var result = await TroveAsync("mgmt-list", "--project-id", "p 1", "--deleted", "--limit", "5");

        Assert.Equal(
            """
            ID  Name  Tenant ID  Status  Server  Host  Task
            i1  m1    p 1        ACTIVE  ACTIVE  h1    No tasks for the instance.

            """,
            result.Output);
    }

    [Fact]
    public async Task A_list_of_all_names_the_project_of_each()
    {
        Cloud.Answers("GET /mgmt/instances", """{"instances": [{"id": "i1", "name": "m1", "tenant_id": "p1"}]}""");

        var result = await TroveAsync("list", "--all");

        Assert.Contains("Tenant ID", result.Output, StringComparison.Ordinal);
        Assert.Contains("p1", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mgmt-hwinfo", "hwinfo", """{"hwinfo": {"mem_total": 262144}}""", "mem_total  262144\n")]
    [InlineData("mgmt-diagnostics", "diagnostics", """{"diagnostics": {"vmRss": 31292}}""", "vmRss     31292\n")]
    [InlineData("mgmt-root", "root", """{"root_history": {"enabled": "Never"}}""", "enabled   Never\n")]
    [InlineData("mgmt-rpc-ping", "rpc_ping", "", "The agent of m1 answers.\n")]
    public async Task A_question_about_an_instance_of_any_project_is_asked_by_its_name(
        string command, string question, string answer, string told)
    {
        Cloud.Answers("GET /mgmt/instances", Documents.Instances(Documents.Master())).Answers($"GET {Path}/{question}", answer);

        var result = await TroveAsync(command, "m1");

        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.EndsWith(told, result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mgmt-stop", """{"stop":{}}""", "SHUTDOWN")]
    [InlineData("mgmt-reboot", """{"reboot":{}}""", "HEALTHY")]
    [InlineData("mgmt-migrate --host h2", """{"migrate":{"host":"h2"}}""", "HEALTHY")]
    [InlineData("mgmt-rebuild", """{"rebuild":{}}""", "HEALTHY")]
    [InlineData("mgmt-rebuild --image g1", """{"rebuild":{"image_id":"g1"}}""", "HEALTHY")]
    [InlineData("mgmt-evacuate", """{"evacuate":{}}""", "HEALTHY")]
    [InlineData("agent-upgrade", """{"upgrade_agent":{}}""", "HEALTHY")]
    public async Task An_action_is_sent_and_waited_for(string command, string body, string health)
    {
        Cloud.Answers($"POST {Path}/action", "", 202)
            .Answers($"GET {Path}", Documents.Instance(Documents.Master(more: """, "operation": {"name": "work"}""")))
            .Answers($"GET {Path}", Documents.Instance(Documents.Master(more: $$""", "operating_status": "{{health}}" """)));

        var result = await TroveAsync([.. command.Split(' '), Documents.MasterId, "--wait"]);

        Assert.Equal(0, result.Exit);
        Assert.Equal(body, Cloud.Sent($"POST {Path}/action").ToJsonString());
        Assert.EndsWith($"is ACTIVE, its database {health} (1 s).\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operation_that_holds_an_instance_is_turned_back()
    {
        Cloud.Answers($"POST {Path}/action", "", 202);

        Assert.Equal(0, (await TroveAsync("mgmt-reset-task-status", Documents.MasterId)).Exit);
        Assert.Equal("""{"reset-task-status":{}}""", Cloud.Sent($"POST {Path}/action").ToJsonString());
    }

    [Fact]
    public async Task Agents_are_listed_under_what_becomes_of_them()
    {
        const string State = """
            "release": {"version": "2"}, "rollout": {"state": "STOPPED", "wave": 3, "version": "2", "detail": "An administrator stopped it."}
            """;
        Cloud.Answers("GET /mgmt/agents?limit=1", $$"""{ {{State}}, "agents": [{"instance_id": "i1"}], "links": []}""")
            .Answers("GET /mgmt/agents", $$"""
                { {{State}}, "agents": [{"instance_id": "i1", "name": "m1", "tenant_id": "p1", "version": "1", "protocol": 5, "current": false}]}
                """);

        var result = await TroveAsync("agent-list");

        Assert.Equal(
            """
            Property  Value
            release   2
            rollout   STOPPED, wave 3, to 2: An administrator stopped it.

            Instance ID  Name  Tenant ID  Version  Protocol  Current  Wave
            i1           m1    p1         1        5         false

            """,
            result.Output);
    }

    [Fact]
    public async Task A_rollout_begins_and_stops()
    {
        Cloud.Answers("POST /mgmt/agents/rollout", "", 202).Answers("DELETE /mgmt/agents/rollout", "", 202);

        Assert.Equal(0, (await TroveAsync("agent-rollout", "--wave-size", "3")).Exit);
        Assert.Equal(0, (await TroveAsync("agent-rollout-stop")).Exit);

        Assert.Equal("""{"rollout":{"wave_size":3}}""", Cloud.Sent("POST /mgmt/agents/rollout").ToJsonString());
        Assert.Contains(Cloud.Requests, request => request.Line == "DELETE /mgmt/agents/rollout");
    }

    [Fact]
    public async Task A_leftover_is_listed_and_removed_by_kind_and_key()
    {
        Cloud.Answers("GET /mgmt/leftovers", """{"leftovers": [{"kind": "volume", "key": "a/b", "removal": "None"}]}""")
            .Answers("DELETE /mgmt/leftovers/volume/a%2Fb", "", 202);

        Assert.Contains("volume  a/b", (await TroveAsync("leftover-list")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await TroveAsync("leftover-delete", "volume", "a/b")).Exit);
    }

    [Theory]
    [InlineData("resize-instance m1 m1.small", """{"resize":{"flavorRef":"7"}}""")]
    [InlineData("resize-volume m1 4", """{"resize":{"volume":{"size":4}}}""")]
    public async Task A_resize_is_over_when_the_instance_has_the_new_size(string command, string body)
    {
        var path = $"/instances/{Documents.MasterId}";
        const string Small = """{"name": "m1", "status": "ACTIVE", "flavor": {"id": "6"}, "volume": {"size": 2}}""";
        const string Large = """{"name": "m1", "status": "ACTIVE", "flavor": {"id": "7"}, "volume": {"size": 4}}""";
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Master()))
            .Answers("GET /flavors", """{"flavors": [{"id": "6", "name": "m1.tiny"}, {"id": "7", "name": "m1.small"}]}""")
            .Answers($"POST {path}/action", "", 202)
            .Answers($"GET {path}", Documents.Instance(Small))
            .Answers($"GET {path}", Documents.Instance(Large));

        var result = await TroveAsync([.. command.Split(' '), "--wait"]);

        Assert.Equal(0, result.Exit);
        Assert.Equal(body, Cloud.Sent($"POST {path}/action").ToJsonString());
        Assert.EndsWith("m1 is ACTIVE (1 s).\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--name orders", """{"name":"orders"}""")]
    [InlineData("--deletion-protection off", """{"deletion_protection":false}""")]
    [InlineData("--configuration g1", """{"configuration":"g1-id"}""")]
    [InlineData("--remove_configuration", """{"configuration":null}""")]
    [InlineData("--detach-replica-source", """{"replica_of":null}""")]
    [InlineData("--is-private", """{"access":{"is_public":false}}""")]
    [InlineData(
        "--is-public --allowed-cidr 10.0.0.0/8 --allowed-cidr 192.0.2.0/24",
        """{"access":{"is_public":true,"allowed_cidrs":["10.0.0.0/8","192.0.2.0/24"]}}""")]
    public async Task An_update_sends_what_is_asked_for_and_nothing_else(string options, string body)
    {
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Master()))
            .Answers("GET /configurations", """{"configurations": [{"id": "g1-id", "name": "g1"}]}""")
            .Answers($"PATCH /instances/{Documents.MasterId}", "", 202);

        Assert.Equal(0, (await TroveAsync(["update", "m1", .. options.Split(' ')])).Exit);
        Assert.Equal(body, Cloud.Sent($"PATCH /instances/{Documents.MasterId}")["instance"]!.ToJsonString());
    }

    [Fact]
    public async Task A_new_instance_may_say_who_reaches_it_and_where_its_slaves_may_be()
    {
        Cloud.Answers("GET /flavors", Documents.Flavors).Answers("POST /instances", Documents.Instance(Documents.Master("BUILD")));

        await TroveAsync("create", "m1", "7", "--locality", "anti-affinity", "--is-public", "--allowed-cidr", "10.0.0.0/8");

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {"name": "m1", "flavorRef": "7", "locality": "anti-affinity", "access": {"is_public": true, "allowed_cidrs": ["10.0.0.0/8"]}}
                """),
            Cloud.Sent("POST /instances")["instance"]));
    }

    [Theory]
    [InlineData("update", "m1")]
    [InlineData("update", "m1", "--is-public", "--is-private")]
    [InlineData("update", "m1", "--configuration", "g", "--remove_configuration")]
    [InlineData("create", "m1", "7", "--locality", "nearby")]
    [InlineData("resize-volume", "m1", "large")]
    public async Task What_makes_no_sense_is_refused_before_any_request(params string[] arguments)
    {
        Assert.Equal(ExitCodes.Usage, (await TroveAsync(arguments)).Exit);
        Assert.Empty(Cloud.Requests);
    }
}
