using System.Text.Json.Nodes;

namespace Dbaas.TroveCli.Tests;

public sealed class TableTests : TroveTest
{
    [Fact]
    public async Task A_list_has_the_columns_of_the_reference_design()
    {
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Master()));

        var result = await TroveAsync("list");

        Assert.Equal(0, result.Exit);
        Assert.Equal(
            """
            ID                                    Name  Datastore  Datastore Version  Status  Flavor ID  Size
            d2bd91ef-3d7c-43ae-97a9-f0726c91d322  m1    mysql      5.5                ACTIVE  7          2

            """,
            result.Output);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task The_creation_of_a_slave_prints_the_property_table_of_the_reference_design()
    {
        Cloud.Answers("GET /flavors", Documents.Flavors)
            .Answers($"GET /instances/{Documents.MasterId}", Documents.Instance(Documents.Master()))
            .Answers("POST /instances", Documents.Instance(Documents.Slave()));

        var result = await TroveAsync("create", "s1", "7", "--size", "2", "--slave_of", Documents.MasterId);

        Assert.Equal(0, result.Exit);
        Assert.Equal(
            """
            Property           Value
            created            2014-06-13T14:33:27
            datastore          mysql
            datastore_version  5.5
            flavor             7
            id                 9ffc7b3a-9205-412a-9cd2-521f95755c43
            name               s1
            slaveof            d2bd91ef-3d7c-43ae-97a9-f0726c91d322
            status             BUILD
            updated            2014-06-13T14:33:27
            volume             2

            """,
            result.Output);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse($$$"""{"instance": {"name": "s1", "flavorRef": "7", "volume": {"size": 2}, "slaveOf": "{{{Documents.MasterId}}}"}}"""),
            Cloud.Sent("POST /instances")));
    }

    [Fact]
    public async Task A_master_shows_its_slaves_and_the_operation_it_is_in()
    {
        Cloud.Answers($"GET /instances/{Documents.MasterId}", Documents.Instance(Documents.Master(more: $$"""
            , "slaves": [{"id": "{{Documents.SlaveId}}"}], "replicas": [{"id": "{{Documents.SlaveId}}"}],
            "operation": {"name": "create slave", "step": 2, "of": 6, "started": "2014-06-13T14:33:27",
              "progress": {"done_bytes": 50000000, "of_bytes": 200000000, "bytes_per_second": 10000000, "seconds_left": 15} },
            "addresses": [{"address": "10.1.0.2", "type": "private", "network": "n"}],
            "fault": {"message": "disk full", "created": "2014-06-13T14:00:00", "details": null}
            """)));

        var result = await TroveAsync("show", Documents.MasterId);

        Assert.Contains($"slaves             {Documents.SlaveId}\n", result.Output, StringComparison.Ordinal);
        Assert.Contains(
            "operation          create slave: step 2 of 6, 25 %, 50.0 MB of 200 MB, 10.0 MB/s, 15 s left\n",
            result.Output,
            StringComparison.Ordinal);
        Assert.Contains("addresses          10.1.0.2 (private)\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("fault              disk full\n", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("replicas", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("links", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topology_is_a_tree_with_lag()
    {
        Cloud.Answers($"GET /instances/{Documents.MasterId}", Documents.Instance(Documents.Master()))
            .Answers($"GET /instances/{Documents.MasterId}/topology", $$$"""
            {"topology": {"members": [
              {"id": "{{{Documents.MasterId}}}", "name": "m1", "status": "ACTIVE"},
              {"id": "{{{Documents.SlaveId}}}", "name": "s1", "mysql": {"slave_of": [{"id": "{{{Documents.MasterId}}}"}], "read_only": true, "lag_seconds": 0}},
              {"id": "s2-id", "name": "s2", "lag_seconds": 12.5, "mysql": {"slave_of": [{"id": "{{{Documents.MasterId}}}"}], "read_only": true}},
              {"id": "s3-id", "name": "s3", "mysql": {"slave_of": [{"id": "{{{Documents.MasterId}}}"}], "read_only": true}}]}}
            """);

        var result = await TroveAsync("topology", Documents.MasterId);

        Assert.Equal(
            $"""
            m1  {Documents.MasterId}  ACTIVE  master
            ├── s1  {Documents.SlaveId}  slave  read-only  0 s behind
            ├── s2  s2-id  slave  read-only  12.5 s behind
            └── s3  s3-id  slave  read-only  lag unknown

            """,
            result.Output);
    }

    [Fact]
    public async Task A_history_is_a_table()
    {
        Cloud.Answers($"GET /instances/{Documents.MasterId}", Documents.Instance(Documents.Master()))
            .Answers($"GET /instances/{Documents.MasterId}/history", """
            {"history": [{"time": "2014-06-13T14:33:27", "event": "create", "step": "ensure-server", "outcome": "done", "detail": null}]}
            """);

        var result = await TroveAsync("history", Documents.MasterId);

        Assert.Equal(
            """
            Time                 Event   Step           Outcome  Detail
            2014-06-13T14:33:27  create  ensure-server  done

            """,
            result.Output);
    }

    [Fact]
    public async Task A_history_is_shown_to_its_end()
    {
        Cloud.Answers($"GET /instances/{Documents.MasterId}", Documents.Instance(Documents.Master()))
            .Answers($"GET /instances/{Documents.MasterId}/history", """
            {"history": [{"time": "2014-06-13T14:33:27", "event": "create"}], "links": [{"rel": "next", "href": "http://x/history?marker=7"}]}
            """)
            .Answers($"GET /instances/{Documents.MasterId}/history?marker=7", """
            {"history": [{"time": "2014-06-13T14:33:28", "event": "restart"}]}
            """);

        var result = await TroveAsync("history", Documents.MasterId);

        Assert.Contains("create", result.Output, StringComparison.Ordinal);
        Assert.Contains("restart", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_cannot_move_the_cursor_of_a_terminal()
    {
        Cloud.Answers("GET /instances", """{"instances": [{"id": "1", "name": "a\u001b[2J\nb\u202e", "status": "ACTIVE"}]}""");

        var result = await TroveAsync("list");

        Assert.Contains(@"a\u001b[2J\nb\u202e", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_list_still_has_its_header()
    {
        Cloud.Answers("GET /instances", Documents.Instances());

        var result = await TroveAsync("list");

        Assert.StartsWith("ID  Name  Datastore", result.Output, StringComparison.Ordinal);
    }
}
