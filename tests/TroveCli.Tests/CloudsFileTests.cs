using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Login;

namespace Dbaas.TroveCli.Tests;

/// <summary>Who calls and where: by a clouds.yaml.</summary>
public sealed class CloudsFileTests : TroveTest, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("clouds").FullName;

    private string Clouds => $$"""
        common: &common
          region_name: RegionOne
          auth: &auth
            auth_url: {{Cloud.Url}}/v3
        clouds:
          first:
            <<: *common
            auth: {<<: *auth, username: demo, password: 'p:ä"ss', project_name: demo, user-domain-name: Default}
          robot:
            <<: *common
            auth_type: v3applicationcredential
            auth:
              <<: *auth
              application_credential_id: a1
          nowhere:
            auth: {auth_url: "http://127.0.0.1:1", username: demo, password: x, tenant_name: demo}
        """;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("--os-cloud", null)]
    [InlineData(null, "first")]
    [InlineData("--os-cloud", "nowhere")]
    public async Task A_cloud_is_named_by_the_option_or_else_by_the_variable(string? option, string? variable)
    {
        Cloud.Answers("GET /instances", Documents.Instances());
        var setting = Files(Clouds, ("OS_CLOUD", variable));

        var result = await TroveAsync(setting, option is null ? ["list"] : ["list", option, "first"]);

        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.Equal("Default", (string?)Cloud.Login!["auth"]!["identity"]!["password"]!["user"]!["domain"]!["name"]);
    }

    [Fact]
    public async Task Variables_do_not_mix_with_a_cloud_that_is_named_and_options_come_before_it()
    {
        Cloud.Answers("GET /instances", Documents.Instances());
        var setting = Files(Clouds, ("OS_USERNAME", "somebody"), ("OS_PROJECT_ID", "other"));

        var result = await TroveAsync(setting, "list", "--os-cloud", "first", "--os-username", "admin");

        Assert.Equal(0, result.Exit);
        Assert.Equal("admin", (string?)Cloud.Login!["auth"]!["identity"]!["password"]!["user"]!["name"]);
        Assert.Equal("demo", (string?)Cloud.Login["auth"]!["scope"]!["project"]!["name"]);
    }

    [Fact]
    public async Task The_secret_may_be_in_a_file_beside_it()
    {
        Cloud.Answers("GET /instances", Documents.Instances());
        var secure = Write("secure.yaml", """{"clouds": {"robot": {"auth": {"application_credential_secret": "p:ä\"ss"}}}}""");

        var result = await TroveAsync(Files(Clouds, ("OS_CLIENT_SECURE_FILE", secure)), "list", "--os-cloud", "robot");

        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.Equal("a1", (string?)Cloud.Login!["auth"]!["identity"]!["application_credential"]!["id"]);
    }

    [Fact]
    public async Task The_only_cloud_is_used_where_nothing_else_is_said()
    {
        Cloud.Answers("GET /instances", Documents.Instances());
        var only = $$"""{clouds: {mine: {region_name: RegionOne, auth: {auth_url: "{{Cloud.Url}}", token: {{StubCloud.OwnToken}} } } } }""";

        var result = await TroveAsync(Files(only), "list");

        Assert.Equal((0, ""), (result.Exit, result.Error));
    }

    [Theory]
    [InlineData("list", "OS_AUTH_URL is not set")]
    [InlineData("list --os-cloud third", "has no cloud 'third'; it has: first, nowhere, robot.")]
    [InlineData("list --os-cloud robot", "There is no application_credential_secret in cloud 'robot' of ")]
    public async Task What_is_missing_is_said_with_the_file(string arguments, string message)
    {
        var result = await TroveAsync(Files(Clouds), arguments.Split(' '));

        Assert.Equal(ExitCodes.Usage, result.Exit);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clouds:\n  mine:\n    auth: {password: hidden\n  other: }", "clouds.yaml is not YAML.\n")]
    [InlineData("clouds:\n  mine:\n    auth: {password: \"hidden", "clouds.yaml is not YAML: see line 3.\n")]
    public async Task A_file_that_is_no_yaml_is_named_and_never_quoted(string text, string message)
    {
        var result = await TroveAsync(Files(text), "list", "--os-cloud", "mine");

        Assert.Equal(ExitCodes.Usage, result.Exit);
        Assert.EndsWith(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_file_the_message_says_where_one_is_looked_for()
    {
        var result = await TroveAsync(new Setting(Environment: _ => null), "list", "--os-cloud", "mine");

        Assert.Equal(ExitCodes.Usage, result.Exit);
        Assert.Contains("~/.config/openstack and /etc/openstack", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_of_this_folder_comes_before_the_users_own()
    {
        Directory.CreateDirectory(Path.Combine(folder, "home", ".config", "openstack"));
        Directory.CreateDirectory(Path.Combine(folder, "here"));
        var own = Write("home/.config/openstack/clouds.yml", "clouds: {own: {}}");

        Assert.Equal(own, Find());
        var here = Write("here/clouds.json", """{"clouds": {"here": {}}}""");
        Assert.Equal(here, Find());

        string? Find() =>
            CloudsFile.Find(name => name == "HOME" ? Path.Combine(folder, "home") : null, Path.Combine(folder, "here"))?.Path;
    }

    [Theory]
    [InlineData("verify: false", true)]
    [InlineData("verify: true", false)]
    public void A_cloud_may_ask_not_to_look_at_certificates(string line, bool expected)
    {
        var file = Write("clouds.yaml", $"clouds: {{mine: {{{line}, auth: {{auth_url: 'https://x', token: t}}}}}}");

        var login = new LoginReader(name => name == "OS_CLIENT_CONFIG_FILE" ? file : null, null)
            .Read("mine", new Dictionary<string, string>());

        Assert.Equal(expected, login.Insecure);
    }

    private Setting Files(string clouds, params (string Name, string? Value)[] variables)
    {
        var file = Write("clouds.yaml", clouds);
        return new Setting(Environment: name => name == "OS_CLIENT_CONFIG_FILE"
            ? file
            : variables.FirstOrDefault(variable => variable.Name == name).Value);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
