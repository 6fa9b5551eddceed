using Dbaas.Cloud.OpenStack;
using Dbaas.Cloud.OpenStack.Networks;
using Dbaas.Cloud.OpenStack.Neutron;
using Dbaas.Cloud.OpenStack.Nova;
using Dbaas.Cloud.OpenStack.Servers;

namespace Dbaas.Cloud.Tests.OpenStack;

/// <summary>A list of servers may lack some: of a part of the cloud that does not answer.</summary>
public sealed class ServerFinderTests
{
    [Theory]
    [InlineData("", "holder")]
    [InlineData("other", "holder other")]
    [InlineData("holder", "holder")]
    public async Task The_server_that_has_the_port_is_found_whatever_is_listed(string listed, string expected)
    {
        var cloud = new StubCloud()
            .With("/v2.1/", """{"version": {"id": "v2.1", "version": "2.96"}}""")
            .With("/v2.1/servers/detail", $$"""{"servers": [{{(listed.Length == 0 ? "" : Server(listed))}}]}""")
            .With("/v2.1/servers/holder", $$"""{"server": {{Server("holder")}}}""")
            .With(
                "/v2.0/ports",
                """
                {"ports": [{"id": "p", "name": "dbaas-a", "description": "dbaas:deployment", "network_id": "n", "device_id": "holder",
                  "created_at": "2026-01-01T00:00:00Z"}]}
                """);
        using var session = cloud.Session(StubCloud.Options());
        var marks = new Marks("deployment");
        var finder = new ServerFinder(new NovaClient(session), new PortFinder(new NeutronClient(session), marks), marks);

        var found = await finder.AllOfAsync("a", TestContext.Current.CancellationToken);

        Assert.Equal(expected.Split(' '), found.Select(server => server.Id).Order());
    }

    private static string Server(string id) => $$$"""
        {"id": "{{{id}}}", "name": "dbaas-a", "status": "ACTIVE", "created": "2026-01-01T00:00:00Z",
          "metadata": {"dbaas_deployment": "deployment", "dbaas_key": "a"}}
        """;
}
