using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;

namespace Dbaas.TroveCli.Tests;

public sealed class NameTests : TroveTest
{
    [Fact]
    public async Task A_name_is_found_on_a_later_page()
    {
        Cloud.Answers("GET /instances", """
                {"instances": [{"id": "a", "name": "other"}],
                 "links": [{"rel": "next", "href": "https://h/v1.0/project/instances?limit=1&marker=a%2Fb%26c"}]}
                """)
            .Answers("GET /instances?marker=a%2Fb%26c", Documents.Instances(Documents.Master()))
            .Answers($"GET /instances/{Documents.MasterId}", Documents.Instance(Documents.Master()));

        var result = await TroveAsync("show", "m1");

        Assert.Equal(0, result.Exit);
        Assert.Contains(Documents.MasterId, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_of_two_is_refused_with_their_ids()
    {
        Cloud.Answers("GET /instances", Documents.Instances("""{"id": "id-1", "name": "m"}""", """{"id": "id-2", "name": "m"}"""));

        var result = await TroveAsync("delete", "m");

        Assert.Equal(ExitCodes.Refused, result.Exit);
        Assert.Equal("trove: 'm' is the name of 2 instances; use an id: id-1, id-2\n", result.Error);
        Assert.DoesNotContain(Cloud.Requests, request => request.Line.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_of_none_is_refused_and_nothing_is_deleted()
    {
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Master()));

        var result = await TroveAsync("delete", "m1", "m2");

        Assert.Equal(ExitCodes.Refused, result.Exit);
        Assert.Contains("'m2'", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Cloud.Requests, request => request.Line.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_flavor_is_found_by_id_before_name()
    {
        Cloud.Answers("GET /flavors", """
                {"flavors": [{"id": 8, "name": "7"}, {"id": 7, "name": "x"}, {"id": null, "str_id": "big", "name": "y"}]}
                """)
            .Answers("POST /instances", Documents.Instance(Documents.Master("BUILD")));

        await TroveAsync("create", "m1", "7");
        Assert.Equal("7", (string?)Cloud.Sent("POST /instances")["instance"]!["flavorRef"]);

        await TroveAsync("create", "m1", "y");
        Assert.Equal("big", (string?)Cloud.Sent("POST /instances")["instance"]!["flavorRef"]);
    }

    [Fact]
    public async Task A_limit_asks_for_one_page_only()
    {
        Cloud.Answers("GET /instances?limit=1&marker=x", """
            {"instances": [{"id": "a", "name": "one"}], "links": [{"rel": "next", "href": "https://h/instances?limit=1&marker=a"}]}
            """);

        var result = await TroveAsync("list", "--limit", "1", "--marker", "x");

        Assert.Contains("one", result.Output, StringComparison.Ordinal);
        Assert.Single(Cloud.Requests);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a b?c#d%41")]
    [InlineData("ü\u00a0😀")]
    [InlineData("x.json")]
    public async Task Names_of_databases_keep_their_bytes_in_the_path(string name)
    {
        var escaped = Uri.EscapeDataString(name).Replace(".", "%2E", StringComparison.Ordinal);
        Cloud.Answers($"GET /instances/{Documents.MasterId}", Documents.Instance(Documents.Master()))
            .Answers($"DELETE /instances/{Documents.MasterId}/databases/{escaped}", "", 202);

        var result = await TroveAsync("database-delete", Documents.MasterId, name);

        Assert.Equal((0, ""), (result.Exit, result.Error));
    }

    [Theory]
    [InlineData("@readme.txt")]
    [InlineData("[diagram]")]
    [InlineData("-x")]
    [InlineData("a\nb\t\"'\\\u0001")]
    [InlineData(" ")]
    public async Task Names_of_instances_keep_their_bytes(string name)
    {
        Cloud.Answers("GET /flavors", Documents.Flavors).Answers("POST /instances", Documents.Instance(Documents.Master("BUILD")));

        var result = await TroveAsync("create", name, "7");

        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.Equal(name, (string?)Cloud.Sent("POST /instances")["instance"]!["name"]);
    }

    [Theory]
    [InlineData("app", null, "app")]
    [InlineData("app", "10.0.0.1", "app%4010%2E0%2E0%2E1")]
    [InlineData("a@b", null, "a%40b%40%25")]
    public async Task A_user_is_named_with_its_host(string name, string? host, string expected)
    {
        Cloud.Answers($"GET /instances/{Documents.MasterId}", Documents.Instance(Documents.Master()))
            .Answers($"GET /instances/{Documents.MasterId}/users/{expected}", """{"user": {"name": "n", "host": "%", "databases": []}}""");

        string[] hostWords = host is null ? [] : ["--host", host];
        var result = await TroveAsync(["user-show", Documents.MasterId, name, .. hostWords]);

        Assert.Equal((0, ""), (result.Exit, result.Error));
    }
}
