using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;

namespace Dbaas.TroveCli.Tests;

public sealed class FaultTests : TroveTest
{
    [Fact]
    public async Task A_fault_is_printed_with_its_code()
    {
        Cloud.Answers("GET /flavors", Documents.Flavors)
            .Answers("POST /instances", """{"overLimit": {"code": 413, "message": "Quota exceeded for resources: ['instances']."}}""", 413);

        var result = await TroveAsync("create", "m1", "7", "--size", "2");

        Assert.Equal(ExitCodes.Refused, result.Exit);
        Assert.Equal("trove: Quota exceeded for resources: ['instances']. (HTTP 413)\n", result.Error);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("""{"message": "no", "code": "403 Forbidden", "title": "Forbidden"}""", "trove: no (HTTP 403)\n")]
    [InlineData("<html>", "trove: Forbidden (HTTP 403)\n")]
    [InlineData("", "trove: Forbidden (HTTP 403)\n")]
    public async Task A_fault_of_another_form_is_told_too(string body, string expected)
    {
        Cloud.Answers("GET /instances", body, 403);

        Assert.Equal(expected, (await TroveAsync("list")).Error);
    }

    [Fact]
    public async Task A_wrong_password_says_what_to_check_and_never_the_password()
    {
        var result = await TroveAsync(
            new Setting(Environment: name => name == "OS_PASSWORD" ? "not-it" : Cloud.Environment(name)), "list");

        Assert.Equal(ExitCodes.Refused, result.Exit);
        Assert.Contains("OS_PASSWORD", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("not-it", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_regions_none_is_chosen_by_chance()
    {
        var result = await TroveAsync(
            new Setting(Environment: name => name == "OS_REGION_NAME" ? null : Cloud.Environment(name)), "list");

        Assert.Equal(ExitCodes.Refused, result.Exit);
        Assert.Contains("several regions", result.Error, StringComparison.Ordinal);
        Assert.Contains("(Elsewhere, RegionOne): name one in OS_REGION_NAME", result.Error, StringComparison.Ordinal);
        Assert.Empty(Cloud.Requests);
    }

    [Fact]
    public async Task Without_a_login_the_message_names_openrc()
    {
        var result = await TroveAsync(new Setting(Environment: _ => null), "list");

        Assert.Equal(ExitCodes.Usage, result.Exit);
        Assert.Contains("OS_AUTH_URL is not set", result.Error, StringComparison.Ordinal);
        Assert.Contains(". .dbaas/openrc", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_service_the_message_says_how_to_start_it()
    {
        // Port 1 is never given to a listener by the system.
        var result = await TroveAsync(
            new Setting(Environment: name => name == "OS_AUTH_URL" ? "http://127.0.0.1:1/v3" : Cloud.Environment(name)), "list");

        Assert.Equal(ExitCodes.Refused, result.Exit);
        Assert.Contains("connection refused", result.Error, StringComparison.Ordinal);
        Assert.Contains("./dbaas up", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_token_is_replaced_once()
    {
        Cloud.TokensExpire = true;
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Master()));

        var result = await TroveAsync("list");

        Assert.Equal((0, 2), (result.Exit, Cloud.Logins));
    }

    [Theory]
    [InlineData("create")]
    [InlineData("create", "m1")]
    [InlineData("create", "m1", "7", "--size", "many")]
    [InlineData("create", "m1", "7", "--size", "0")]
    [InlineData("create", "m1", "7", "--binary-log", "sometimes")]
    [InlineData("create", "m1", "7", "--slave_of", "a", "--replica_of", "b")]
    [InlineData("create", "m1", "7", "--nic", "port=1")]
    [InlineData("create", "m1", "7", "--backup", "a", "--restore-of", "b")]
    [InlineData("create", "m1", "7", "--restore-time", "2026-11-29T12:00:05Z")]
    [InlineData("point-in-time", "m1", "perhaps")]
    [InlineData("create", "m1", "7", "--users", "app")]
    [InlineData("user-create", "m1")]
    [InlineData("user-update-attributes", "m1", "app")]
    [InlineData("configuration-create", "g", "{")]
    [InlineData("configuration-parameter-list", "10.11")]
    [InlineData("show", "a", "b")]
    [InlineData("no-such-command")]
    public async Task A_command_line_that_makes_no_sense_is_refused_before_any_request(params string[] arguments)
    {
        var result = await TroveAsync(arguments);

        Assert.Equal(ExitCodes.Usage, result.Exit);
        Assert.StartsWith("trove: ", result.Error, StringComparison.Ordinal);
        Assert.Empty(Cloud.Requests);
    }

    [Fact]
    public async Task Help_needs_no_login_and_shows_an_example()
    {
        var result = await TroveAsync(new Setting(Environment: _ => null), "create", "--help");

        Assert.Equal(0, result.Exit);
        Assert.Contains("trove create <name> [<flavor>]", result.Output, StringComparison.Ordinal);
        Assert.Contains("Example:\n  trove create m1 7", result.Output, StringComparison.Ordinal);
    }
}
