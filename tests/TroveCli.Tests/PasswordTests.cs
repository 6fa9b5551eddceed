using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;

namespace Dbaas.TroveCli.Tests;

public sealed class PasswordTests : TroveTest
{
    [Fact]
    public async Task Users_come_from_standard_input()
    {
        Creation();

        var result = await TroveAsync(
            new Setting(Input: "app:s:e \"c\\r'et\nother: ü😀 \n\nempty:\n"),
            "create",
            "m1",
            "7",
            "--databases",
            "shop",
            "--users-file",
            "-");

        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.Equal([("app", "s:e \"c\\r'et"), ("other", " ü😀 "), ("empty", "")], Users());
        Assert.Equal("shop", (string?)Cloud.Sent("POST /instances")["instance"]!["users"]![0]!["databases"]![0]!["name"]);
    }

    [Fact]
    public async Task Users_come_from_a_file()
    {
        Creation();
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "app:secret\n", TestContext.Current.CancellationToken);

            await TroveAsync("create", "m1", "7", "--users-file", file);

            Assert.Equal([("app", "secret")], Users());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_line_without_a_password_is_refused_by_its_number_alone()
    {
        Creation();

        var result = await TroveAsync(new Setting(Input: "app:secret\nforgotten-secret\n"), "create", "m1", "7", "--users-file", "-");

        Assert.Equal(ExitCodes.Usage, result.Exit);
        Assert.Equal("trove: --users-file: line 2 is not name:password.\n", result.Error);
    }

    [Fact]
    public async Task A_password_that_is_left_out_is_asked_for()
    {
        Creation();
        var asked = new List<string>();

        await TroveAsync(
            new Setting(AskSecret: question =>
            {
                asked.Add(question);
                return "typed";
            }),
            "create", "m1", "7", "--users", "one:given", "two");

        Assert.Equal(["Password of two: "], asked);
        Assert.Equal([("one", "given"), ("two", "typed")], Users());
    }

    [Fact]
    public async Task Root_is_enabled_without_a_body_and_its_password_printed()
    {
        var path = $"POST /instances/{Documents.MasterId}/root";
        Cloud.Answers($"GET /instances/{Documents.MasterId}", Documents.Instance(Documents.Master()))
            .Answers(path, """{"user": {"name": "root", "password": "made"}}""");

        var result = await TroveAsync("root-enable", Documents.MasterId);

        Assert.Equal("Property  Value\nname      root\npassword  made\n", result.Output);
        Assert.Null(Cloud.Requests.Single(request => request.Line == path).Body);
    }

    [Fact]
    public async Task A_new_user_gets_its_host_and_databases()
    {
        Cloud.Answers($"GET /instances/{Documents.MasterId}", Documents.Instance(Documents.Master()))
            .Answers($"POST /instances/{Documents.MasterId}/users", "", 202);

        var result = await TroveAsync("user-create", Documents.MasterId, "app", "s3:cret", "--host", "10.0.0.%", "--databases", "a", "b");

        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"users": [{"name": "app", "password": "s3:cret", "databases": [{"name": "a"}, {"name": "b"}], "host": "10.0.0.%"}]}"""),
            Cloud.Sent($"POST /instances/{Documents.MasterId}/users")));
    }

    private void Creation() =>
        Cloud.Answers("GET /flavors", Documents.Flavors).Answers("POST /instances", Documents.Instance(Documents.Master("BUILD")));

    private (string, string)[] Users() =>
        [
            .. Cloud.Sent("POST /instances")["instance"]!["users"]!.AsArray()
            .Select(user => ((string)user!["name"]!, (string)user["password"]!)),
        ];
}
