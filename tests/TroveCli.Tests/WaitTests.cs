using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;

namespace Dbaas.TroveCli.Tests;

public sealed class WaitTests : TroveTest
{
    private const string OperationAt = """, "operation": {"name": "create", "step": STEP, "of": 5, "started": "2014-06-13T14:33:27"}""";

    [Fact]
    public async Task A_forced_delete_is_one_that_an_owner_may_ask_for()
    {
        Cloud.Answers($"GET /instances/{Documents.MasterId}", Documents.Instance(Documents.Master()))
            .Answers($"POST /instances/{Documents.MasterId}/action", "", 202)
            .Answers($"DELETE /instances/{Documents.MasterId}", "", 202);

        var result = await TroveAsync("force-delete", Documents.MasterId);

        Assert.Equal(0, result.Exit);
        Assert.Equal(
            """{"reset_status":{"force_delete":true}}""", Cloud.Sent($"POST /instances/{Documents.MasterId}/action").ToJsonString());
    }

    [Fact]
    public async Task Waiting_prints_each_step_once_when_nobody_watches()
    {
        Creation(Documents.Master("BUILD", At(1)), Documents.Master("BUILD", At(1)), Documents.Master("BUILD", At(2)), Documents.Master());

        var result = await TroveAsync("create", "m1", "7", "--size", "2", "--wait");

        Assert.Equal(0, result.Exit);
        Assert.Equal("m1: BUILD, create: step 1 of 5\nm1: BUILD, create: step 2 of 5\nm1: ACTIVE\n", result.Error);
        Assert.EndsWith("m1 is ACTIVE (3 s).\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_redraws_one_line_on_a_terminal()
    {
        Creation(Documents.Master("BUILD", At(1)), Documents.Master());

        var result = await TroveAsync(new Setting(Live: true), "create", "m1", "7", "--size", "2", "--wait");

        Assert.Equal("\r\u001b[Km1: BUILD, create: step 1 of 5 (0 s)\r\u001b[Km1: ACTIVE (1 s)\r\u001b[K", result.Error);
    }

    [Fact]
    public async Task An_operation_that_ends_in_a_fault_fails_with_its_message()
    {
        Creation(
            Documents.Master("BUILD", At(1)),
            Documents.Master("ERROR", At(2)),
            Documents.Master("ERROR", """, "fault": {"message": "No space is left.", "created": "2014-06-13T14:33:27"}"""));

        var result = await TroveAsync("create", "m1", "7", "--size", "2", "--wait");

        Assert.Equal(ExitCodes.Refused, result.Exit);
        Assert.EndsWith("trove: m1 is ERROR: No space is left.\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_ends_at_its_deadline_and_says_that_the_operation_goes_on()
    {
        Creation(Documents.Master("BUILD", At(1)));

        var result = await TroveAsync("create", "m1", "7", "--size", "2", "--wait", "--timeout", "5");

        Assert.Equal(ExitCodes.Refused, result.Exit);
        Assert.Contains(
            $"not done after 5 s; last seen: BUILD, create: step 1 of 5. It goes on: `trove show {Documents.MasterId}`",
            result.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_away_for_a_moment_does_not_end_the_wait()
    {
        Cloud.Answers("GET /flavors", Documents.Flavors)
            .Answers("POST /instances", Documents.Instance(Documents.Master("BUILD")))
            .Answers($"GET /instances/{Documents.MasterId}", """{"overLimit": {"code": 413, "message": "This request was rate-limited."}}""", 413)
            .Answers($"GET /instances/{Documents.MasterId}", """{"serviceUnavailable": {"code": 503, "message": "Soon."}}""", 503)
            .Answers($"GET /instances/{Documents.MasterId}", Documents.Instance(Documents.Master()));

        Assert.Equal(0, (await TroveAsync("create", "m1", "7", "--size", "2", "--wait")).Exit);
    }

    [Fact]
    public async Task A_deletion_is_waited_for_until_the_instance_is_gone()
    {
        var path = $"/instances/{Documents.SlaveId}";
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Slave("ACTIVE")))
            .Answers($"DELETE {path}", "", 202)
            .Answers($"GET {path}", Documents.Instance(Documents.Slave("SHUTDOWN")))
            .Answers($"GET {path}", """{"itemNotFound": {"code": 404, "message": "gone"}}""", 404);

        var result = await TroveAsync("delete", "s1", "--wait");

        Assert.Equal((0, "The deletion of s1 is accepted.\ns1 is gone.\n"), (result.Exit, result.Output));
    }

    [Theory]
    [InlineData("detach_replication")]
    [InlineData("detach-replication")]
    [InlineData("detach-replica")]
    public async Task A_detach_is_waited_for_until_the_master_is_not_named_any_more(string command)
    {
        var path = $"/instances/{Documents.SlaveId}";
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Slave("ACTIVE")))
            .Answers($"POST {path}/action", "", 202)
            .Answers($"GET {path}", Documents.Instance(Documents.Slave("ACTIVE")))
            .Answers($"GET {path}", Documents.Instance($$"""{"id": "{{Documents.SlaveId}}", "name": "s1", "status": "ACTIVE"}"""));

        var result = await TroveAsync(command, "s1", "--wait");

        Assert.Equal(0, result.Exit);
        Assert.Equal("""{"detach_replication":{}}""", Cloud.Sent($"POST {path}/action").ToJsonString());
        Assert.EndsWith("s1 is ACTIVE (1 s).\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_slaves_are_all_waited_for()
    {
        var master = $"GET /instances/{Documents.MasterId}";
        Cloud.Answers(master, Documents.Instance(Documents.Master()))
            .Answers(master, Documents.Instance(Documents.Master(more: """, "slaves": [{"id": "old"}]""")))
            .Answers(master, Documents.Instance(Documents.Master(more: $$""", "slaves": [{"id": "old"}, {"id": "new"}, {"id": "{{Documents.SlaveId}}"}]""")))
            .Answers("POST /instances", Documents.Instance(Documents.Slave()))
            .Answers("GET /instances/new", Documents.Instance("""{"id": "new", "name": "s1-1", "status": "ACTIVE"}"""))
            .Answers($"GET /instances/{Documents.SlaveId}", Documents.Instance(Documents.Slave("ACTIVE")));

        var result = await TroveAsync("create", "s1", "--replica_of", Documents.MasterId, "--replica_count", "2", "--wait");

        Assert.Equal(0, result.Exit);
        Assert.Contains("s1-1 is ACTIVE", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Cloud.Requests, request => request.Line == "GET /instances/old");
    }

    private static string At(int step) => OperationAt.Replace("STEP", $"{step}", StringComparison.Ordinal);

    private void Creation(params string[] seen)
    {
        Cloud.Answers("GET /flavors", Documents.Flavors).Answers("POST /instances", Documents.Instance(Documents.Master("BUILD")));
        foreach (var instance in seen)
        {
            Cloud.Answers($"GET /instances/{Documents.MasterId}", Documents.Instance(instance));
        }
    }
}
