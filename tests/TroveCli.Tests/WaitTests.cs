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
        Assert.Equal("m1: BUILD, create: step 1 of 5 (0 s)\nm1: BUILD, create: step 2 of 5 (2 s)\nm1: ACTIVE (3 s)\n", result.Error);
        Assert.EndsWith("m1 is ACTIVE (3 s).\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_an_amount_that_changes_all_the_time_a_line_is_printed_each_ten_seconds()
    {
        Creation([.. Enumerable.Range(1, 25).Select(second => Documents.Master("BUILD", Loading(second))), Documents.Master()]);

        var result = await TroveAsync("create", "m1", "7", "--size", "2", "--wait");

        Assert.Equal(
            """
            m1: BUILD, create: step 2 of 4, load data, 1 %, 10.0 MB of 1.0 GB, 10.0 MB/s, 1 min 40 s left (0 s)
            m1: BUILD, create: step 2 of 4, load data, 11 %, 110 MB of 1.0 GB, 10.0 MB/s, 1 min 40 s left (10 s)
            m1: BUILD, create: step 2 of 4, load data, 21 %, 210 MB of 1.0 GB, 10.0 MB/s, 1 min 40 s left (20 s)
            m1: ACTIVE (25 s)

            """,
            result.Error);
    }

    [Fact]
    public async Task On_a_terminal_the_step_the_bytes_and_a_bar_are_drawn_again_and_again_and_are_gone_at_the_end()
    {
        Creation(Documents.Master("BUILD", At(1)), Documents.Master("BUILD", Loading(25)), Documents.Master());

        var result = await TroveAsync(new Setting(Live: true, Columns: 120), "create", "m1", "7", "--size", "2", "--wait");

        Assert.Contains("m1: BUILD, create: step 1 of 5 (0 s)", result.Error, StringComparison.Ordinal);
        Assert.Contains("m1: BUILD, create: step 2 of 4, load data (1 s)", result.Error, StringComparison.Ordinal);
        Assert.Contains(
            $"{new string('━', 10)}{new string('─', 30)} 25 %, 250 MB of 1.0 GB, 10.0 MB/s, 1 min 40 s left",
            result.Error,
            StringComparison.Ordinal);
        Assert.EndsWith("\u001b[2K\u001b[?25h", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_colours_nothing_is_drawn_in_one()
    {
        Creation(Documents.Master("BUILD", Loading(25)), Documents.Master());
        Assert.Contains("\u001b[32m━", (await TroveAsync(Drawn(true), "create", "m1", "7", "--wait")).Error, StringComparison.Ordinal);
        Assert.DoesNotMatch("\u001b\\[[0-9;]*m", (await TroveAsync(Drawn(false), "create", "m1", "7", "--wait")).Error);

        static Setting Drawn(bool hasColours) => new(Live: true, Columns: 120, HasColours: hasColours);
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
    [InlineData("detach_replication", "detach_replication")]
    [InlineData("detach-replication", "detach_replication")]
    [InlineData("detach-replica", "detach_replication")]
    [InlineData("promote-to-replica-source", "promote_to_replica_source")]
    [InlineData("promote", "promote_to_replica_source")]
    public async Task A_detach_and_a_promotion_are_waited_for_until_the_master_is_not_named_any_more(string command, string action)
    {
        var path = $"/instances/{Documents.SlaveId}";
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Slave("ACTIVE")))
            .Answers($"POST {path}/action", "", 202)
            .Answers($"GET {path}", Documents.Instance(Documents.Slave("ACTIVE")))
            .Answers($"GET {path}", Documents.Instance($$"""{"id": "{{Documents.SlaveId}}", "name": "s1", "status": "ACTIVE"}"""));

        var result = await TroveAsync(command, "s1", "--wait");

        Assert.Equal(0, result.Exit);
        Assert.Equal($$$"""{"{{{action}}}":{}}""", Cloud.Sent($"POST {path}/action").ToJsonString());
        Assert.EndsWith("s1 is ACTIVE (1 s).\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eject-replica-source", "", "{}")]
    [InlineData("eject", "--force", """{"force":true}""")]
    public async Task An_ejection_is_waited_for_until_nobody_follows_the_master_any_more(string command, string option, string how)
    {
        var path = $"/instances/{Documents.MasterId}";
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Master()))
            .Answers($"POST {path}/action", "", 202)
            .Answers($"GET {path}", Documents.Instance(Documents.Master("EJECT", """, "slaves": [{"id": "s"}], "operation": {"name": "eject"}""")))
            .Answers($"GET {path}", Documents.Instance(Documents.Master("ERROR", """, "fault": {"message": "It was ejected."}""")));

        var result = await TroveAsync([command, "m1", "--wait", .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal(0, result.Exit);
        Assert.Equal($$$"""{"eject_replica_source":{{{how}}}}""", Cloud.Sent($"POST {path}/action").ToJsonString());
        Assert.EndsWith("m1 is no member of its set any more (1 s).\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ejection_that_went_back_fails_with_its_reason()
    {
        var path = $"/instances/{Documents.MasterId}";
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Master()))
            .Answers($"POST {path}/action", "", 202)
            .Answers($"GET {path}", Documents.Instance(Documents.Master(
                "ACTIVE", """, "slaves": [{"id": "s"}], "fault": {"message": "The ejection failed."}""")));

        var result = await TroveAsync("eject", "m1", "--wait");

        Assert.NotEqual(0, result.Exit);
        Assert.Contains("The ejection failed.", result.Error, StringComparison.Ordinal);
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

    private static string Loading(int seconds) => """
        , "operation": {"name": "create", "step": 2, "of": 4, "step_name": "load data", "progress":
          {"done_bytes": TENS0000000, "of_bytes": 1000000000, "bytes_per_second": 10000000, "seconds_left": 100}}
        """.Replace("TENS", $"{seconds}", StringComparison.Ordinal);

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
