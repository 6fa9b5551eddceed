using System.Text.Json.Nodes;
using Dbaas.TroveCli.Failures;

namespace Dbaas.TroveCli.Tests;

/// <summary>Who calls and where: by variables and options.</summary>
public sealed class LoginTests : TroveTest
{
    private const string ById = """{"methods": ["application_credential"], "application_credential": {"id": "a1", "secret": "p:ä\"ss"}}""";

    [Fact]
    public async Task Options_come_before_variables_wherever_they_stand()
    {
        Cloud.Answers("GET /instances", Documents.Instances());

        var result = await TroveAsync("--os-username", "other", "list", "--os-project-id", "p2", "--os-user-domain-name", "Staff");

        Assert.Equal((0, ""), (result.Exit, result.Error));
        AssertLogin("""
            {"identity": {"methods": ["password"], "password": {"user": {"name": "other", "domain": {"name": "Staff"}, "password": "p:ä\"ss"}}},
             "scope": {"project": {"id": "p2"}}}
            """);
    }

    [Fact]
    public async Task Without_any_variable_the_options_are_enough()
    {
        Cloud.Answers("GET /instances", Documents.Instances());

        var result = await TroveAsync(
            Only(), "list", "--os-auth-url", Cloud.Url, "--os-user-id", "u1", "--os-password", StubCloud.Password,
            "--os-project-name", "demo", "--os-default-domain", "d1", "--os-region-name", "RegionOne");

        Assert.Equal((0, ""), (result.Exit, result.Error));
        AssertLogin("""
            {"identity": {"methods": ["password"], "password": {"user": {"id": "u1", "password": "p:ä\"ss"}}},
             "scope": {"project": {"name": "demo", "domain": {"id": "d1"}}}}
            """);
    }

    [Fact]
    public async Task A_password_that_is_nowhere_is_asked_for()
    {
        Cloud.Answers("GET /instances", Documents.Instances());
        var asked = new List<string>();

        var result = await TroveAsync(
            new Setting(
                Environment: name => name == "OS_PASSWORD" ? null : Cloud.Environment(name),
                AskSecret: question =>
                {
                    asked.Add(question);
                    return StubCloud.Password;
                }),
            "list");

        Assert.Equal(0, result.Exit);
        Assert.Equal(["Password: "], asked);
    }

    [Fact]
    public async Task A_token_without_a_project_is_used_as_it_is()
    {
        Cloud.Answers("GET /instances", Documents.Instances());

        var result = await TroveAsync(
            Only(("OS_AUTH_URL", Cloud.Url), ("OS_REGION_NAME", "RegionOne")), "list", "--os-token", StubCloud.OwnToken);

        Assert.Equal((0, 1), (result.Exit, Cloud.Logins));
        Assert.Null(Cloud.Login);
    }

    [Fact]
    public async Task A_token_with_a_project_is_exchanged_for_one_of_that_project()
    {
        Cloud.Answers("GET /instances", Documents.Instances());

        var result = await TroveAsync(
            Only(("OS_AUTH_URL", Cloud.Url), ("OS_AUTH_TYPE", "v3token"), ("OS_AUTH_TOKEN", StubCloud.OwnToken), ("OS_PROJECT_ID", "p2"),
                ("OS_REGION_NAME", "RegionOne")),
            "list");

        Assert.Equal(0, result.Exit);
        AssertLogin("""
            {"identity": {"methods": ["token"], "token": {"id": "had-elsewhere"}}, "scope": {"project": {"id": "p2"}}}
            """);
    }

    [Fact]
    public async Task A_token_and_an_endpoint_need_no_login()
    {
        Cloud.Answers("GET /mgmt/quotas/project", """{"quotas": []}""");

        var result = await TroveAsync(Only(), "quota-show", "--os-token", StubCloud.OwnToken, "--os-endpoint", $"{Cloud.Url}/v1.0/project");

        Assert.Equal((0, 0), (result.Exit, Cloud.Logins));
    }

    [Theory]
    [InlineData("OS_APPLICATION_CREDENTIAL_ID=a1", ById)]
    [InlineData("OS_APPLICATION_CREDENTIAL_ID=a1 OS_AUTH_TYPE=v3applicationcredential OS_PROJECT_NAME=demo", ById)]
    [InlineData("OS_APPLICATION_CREDENTIAL_NAME=robot OS_USERNAME=demo", """
        {"methods": ["application_credential"], "application_credential":
          {"name": "robot", "user": {"name": "demo", "domain": {"id": "default"}}, "secret": "p:ä\"ss"}}
        """)]
    public async Task An_application_credential_logs_in_and_names_no_project(string variables, string identity)
    {
        Cloud.Answers("GET /instances", Documents.Instances());
        var more = variables.Split(' ').Select(one => one.Split('=')).Select(one => (one[0], one[1]));

        var result = await TroveAsync(
            Only([.. more, ("OS_AUTH_URL", Cloud.Url), ("OS_APPLICATION_CREDENTIAL_SECRET", StubCloud.Password)]),
            "list", "--os-region-name", "RegionOne");

        Assert.Equal((0, ""), (result.Exit, result.Error));
        AssertLogin($$"""{"identity": {{identity}}}""");
    }

    [Fact]
    public async Task A_login_that_is_refused_says_which_of_its_words_to_look_at()
    {
        var result = await TroveAsync(
            Only(("OS_AUTH_URL", Cloud.Url), ("OS_APPLICATION_CREDENTIAL_ID", "a1"), ("OS_APPLICATION_CREDENTIAL_SECRET", "not-it")),
            "list");

        Assert.Equal(ExitCodes.Refused, result.Exit);
        Assert.Equal("trove: Wrong. (HTTP 401) Check the OS_APPLICATION_CREDENTIAL_… variables.\n", result.Error);
    }

    [Theory]
    [InlineData("OS_AUTH_TYPE=v3oidcpassword", "does not log in by 'v3oidcpassword'")]
    [InlineData("OS_AUTH_TYPE=v3token", "OS_TOKEN is not set")]
    [InlineData("OS_AUTH_TYPE=admin_token OS_TOKEN=t", "OS_ENDPOINT is not set")]
    [InlineData("OS_AUTH_TYPE=v3applicationcredential", "OS_APPLICATION_CREDENTIAL_ID is not set")]
    [InlineData("OS_USERNAME=demo", "OS_PASSWORD is not set")]
    [InlineData("OS_USERNAME=demo OS_PASSWORD=x", "OS_PROJECT_NAME is not set")]
    [InlineData("OS_AUTH_URL=somewhere", "OS_AUTH_URL is not a URL: 'somewhere'")]
    [InlineData("OS_TOKEN=t OS_ENDPOINT=ftp://x/y", "OS_ENDPOINT is not a URL: 'ftp://x/y'")]
    public async Task What_is_missing_or_not_understood_is_named(string variables, string message)
    {
        var given = variables.Split(' ').Select(one => one.Split('=')).Select(one => (one[0], one[1])).ToList();

        var result = await TroveAsync(Only([("OS_AUTH_URL", Cloud.Url), .. given]), "list");

        Assert.Equal(ExitCodes.Usage, result.Exit);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal(0, Cloud.Logins);
    }

    [Theory]
    [InlineData("--os-interface", "internal")]
    [InlineData("--os-endpoint", "URL/inside/v1.0/%(project_id)s/")]
    public async Task The_address_may_be_another_than_the_public_one(string option, string value)
    {
        Cloud.Answers("GET /inside/instances", Documents.Instances());

        var result = await TroveAsync("list", option, value.Replace("URL", Cloud.Url, StringComparison.Ordinal));

        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.Equal(["GET /inside/instances"], Cloud.Requests.Select(request => request.Line));
    }

    [Fact]
    public async Task The_help_of_the_program_lists_the_options_of_a_login_and_that_of_a_command_does_not()
    {
        var all = await TroveAsync(Only(), "--help");
        var one = await TroveAsync(Only(), "list", "--help");

        foreach (var option in (string[])["--os-cloud <name>", "--os-auth-url <url>", "--os-application-credential-id <id>", "--insecure"])
        {
            Assert.Contains(option, all.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(option, one.Output, StringComparison.Ordinal);
        }
    }

    private static Setting Only(params (string Name, string Value)[] variables)
    {
        // The last one that names it counts.
        var given = variables.GroupBy(one => one.Name).ToDictionary(one => one.Key, one => one.Last().Value);
        return new Setting(Environment: name => given.GetValueOrDefault(name));
    }

    private void AssertLogin(string auth) => Assert.Equal(
        JsonNode.Parse(auth)!.ToJsonString(), Cloud.Login?["auth"]?.ToJsonString());
}
