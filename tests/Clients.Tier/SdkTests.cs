namespace Dbaas.Clients.Tier;

/// <summary>Libraries that applications are written with, from Debian, as they are.</summary>
public sealed class SdkTests(ClientFixture fixture)
{
    private const string Word = "all is well";

    [Theory]
    [InlineData("sdk.py")]
    [InlineData("stack.py")]
    [InlineData("panel.py")]
    public async Task Openstacksdk_heats_resource_and_horizons_panel_make_use_and_delete(string program)
    {
        var (exit, output) = await fixture.RunAsync(
            ClientFixture.Programs, new Dictionary<string, string>(), "/usr/bin/python3", Path.Combine(ClientFixture.Programs, program));

        Assert.True(exit == 0 && output.Contains(Word, StringComparison.Ordinal), output);
    }

    /// <summary>The calls of Terraform's <c>openstack_db_*</c> resources, by the library that it makes them with.</summary>
    [Fact]
    public async Task A_program_of_gophercloud_makes_the_calls_of_terraform()
    {
        var (exit, output) = await fixture.RunAsync(
            ClientFixture.Programs,
            new Dictionary<string, string> { ["GO111MODULE"] = "off", ["GOPATH"] = "/usr/share/gocode", ["GOFLAGS"] = "" },
            "go", "run", Path.Combine(ClientFixture.Programs, "terraform.go"));

        Assert.True(exit == 0 && output.Contains(Word, StringComparison.Ordinal), output);
    }
}
