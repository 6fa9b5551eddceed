using System.Text.Json.Nodes;

namespace Dbaas.TroveCli.Tests;

public sealed class JsonTests : TroveTest
{
    [Fact]
    public async Task Json_is_the_document_of_the_API_without_its_envelope()
    {
        Cloud.Answers($"GET /instances/{Documents.MasterId}", Documents.Instance(Documents.Master(more: """, "new_field": {"a": [1]}""")));

        var result = await TroveAsync("show", Documents.MasterId, "--json");

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Documents.Master(more: """, "new_field": {"a": [1]}""")), JsonNode.Parse(result.Output)));
    }

    [Fact]
    public async Task Configuration_groups_are_changed_attached_and_detached_as_trove_asks()
    {
        const string group = "7c2b4e1a-0000-4000-8000-000000000001";
        Cloud.Answers($"GET /instances/{Documents.MasterId}", Documents.Instance(Documents.Master()))
            .Answers($"GET /configurations/{group}", $$"""{"configuration": {"id": "{{group}}", "name": "wide"} }""")
            .Answers($"PUT /configurations/{group}", "", 202)
            .Answers($"PATCH /configurations/{group}", "")
            .Answers($"PUT /instances/{Documents.MasterId}", "", 202);

        var exits = new[]
        {
            (await TroveAsync("configuration-update", group, """{"max_connections": 300}""", "--name", "wider")).Exit,
            (await TroveAsync("configuration-patch", group, """{"wait_timeout": 90}""")).Exit,
            (await TroveAsync("configuration-attach", Documents.MasterId, group)).Exit,
            (await TroveAsync("configuration-detach", Documents.MasterId)).Exit,
        };

        Assert.Equal([0, 0, 0, 0], exits);
        Assert.Equal(
            [
                """{"configuration":{"values":{"max_connections":300},"name":"wider"}}""",
                """{"configuration":{"values":{"wait_timeout":90}}}""",
                $$$"""{"instance":{"configuration":"{{{group}}}"}}""",
                """{"instance":{"configuration":null}}""",
            ],
            Cloud.Requests.Select(request => request.Body?.ToJsonString()).OfType<string>());
    }

    [Theory]
    [InlineData("history", "history", """[{"event": "create"}]""")]
    [InlineData("topology", "topology", """{"members": []}""")]
    public async Task Json_of_what_belongs_to_an_instance(string command, string key, string document)
    {
        Cloud.Answers($"GET /instances/{Documents.MasterId}", Documents.Instance(Documents.Master()))
            .Answers($"GET /instances/{Documents.MasterId}/{key}", $$"""{"{{key}}": {{document}}}""");

        var result = await TroveAsync("--json", command, Documents.MasterId);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(document), JsonNode.Parse(result.Output)));
    }

    [Theory]
    [InlineData("flavor-list", "GET /flavors", "flavors")]
    [InlineData("datastore-list", "GET /datastores", "datastores")]
    [InlineData("limit-list", "GET /limits", "limits")]
    [InlineData("configuration-list", "GET /configurations", "configurations")]
    public async Task Json_of_a_list_is_an_array(string command, string call, string key)
    {
        Cloud.Answers(call, $$"""{"{{key}}": [{"id": "1", "name": "ü <&>"}]}""");

        var result = await TroveAsync(command, "--json");

        Assert.Equal("ü <&>", (string?)JsonNode.Parse(result.Output)!.AsArray()[0]!["name"]);
        Assert.Contains("ü <&>", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_with_json_prints_one_document_the_last()
    {
        Cloud.Answers("GET /flavors", Documents.Flavors)
            .Answers("POST /instances", Documents.Instance(Documents.Master("BUILD")))
            .Answers($"GET /instances/{Documents.MasterId}", Documents.Instance(Documents.Master("BUILD")))
            .Answers($"GET /instances/{Documents.MasterId}", Documents.Instance(Documents.Master("ACTIVE")));

        var result = await TroveAsync("create", "m1", "7", "--size", "2", "--wait", "--json");

        Assert.Equal("ACTIVE", (string?)JsonNode.Parse(result.Output)!["status"]);
    }
}
