using System.Text.Json.Nodes;
using Dbaas.TroveCli.Failures;

namespace Dbaas.TroveCli.Tests;

/// <summary>A set that is watched.</summary>
public sealed class WatchTests : TroveTest
{
    private const string Gone = """{"itemNotFound": {"code": 404, "message": "Instance m1 cannot be found."}}""";
    private const string Master = $"GET /instances/{Documents.MasterId}";

    [Fact]
    public async Task Where_nobody_looks_one_picture_is_printed()
    {
        Set();

        var result = await TroveAsync("watch", Documents.MasterId);

        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.Equal(
            $"""
            m1  {Documents.MasterId}  ACTIVE  HEALTHY  master
            └── s1  {Documents.SlaveId}  BUILD  slave  read-only  3 s behind  create: step 2 of 6, load data, 50 %, 1.0 GB of 2.0 GB

            """,
            result.Output);
    }

    [Fact]
    public async Task As_a_document_the_set_has_what_each_member_is_at()
    {
        Set();

        var set = JsonNode.Parse((await TroveAsync("watch", Documents.MasterId, "--json")).Output)!;

        Assert.Equal(["ACTIVE", "BUILD"], set["members"]!.AsArray().Select(member => (string?)member!["status"]));
    }

    [Fact]
    public async Task On_a_terminal_the_picture_is_drawn_anew_until_the_set_is_gone_whatever_the_service_says_meanwhile()
    {
        Set().Answers($"{Master}/topology", """{"overLimit": {"code": 413, "message": "This request was rate-limited."}}""", 413)
            .Answers($"{Master}/topology", Gone, 404);

        var result = await TroveAsync(new Setting(Columns: 200), "watch", Documents.MasterId);

        Assert.Equal(ExitCodes.Refused, result.Exit);
        Assert.Contains("create: step 2 of 6, load data, 50 %, 1.0 GB of 2.0 GB", result.Output, StringComparison.Ordinal);
        Assert.Contains("No answer at the moment: This request was rate-limited. (HTTP 413)", result.Output, StringComparison.Ordinal);
        Assert.Equal("trove: Instance m1 cannot be found. (HTTP 404)\n", result.Error);
    }

    private StubCloud Set() => Cloud
        .Answers(Master, Documents.Instance(Documents.Master(more: """, "operating_status": "HEALTHY" """)))
        .Answers($"GET /instances/{Documents.SlaveId}", Documents.Instance(Documents.Slave(more: """
            , "operation": {"name": "create", "step": 2, "of": 6, "step_name": "load data", "progress": {"done_bytes": 1000000000, "of_bytes": 2000000000}}
            """)))
        .Answers($"{Master}/topology", $$$"""
            {"topology": {"members": [
              {"id": "{{{Documents.MasterId}}}", "name": "m1"},
              {"id": "{{{Documents.SlaveId}}}", "name": "s1", "mysql": {"slave_of": [{"id": "{{{Documents.MasterId}}}"}], "read_only": true, "lag_seconds": 3}}]}}
            """);
}
