using Dbaas.Cloud.OpenStack;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Tests.OpenStack;

/// <summary>A server of one region and its volume of another do not go together.</summary>
public sealed class ServiceCatalogueTests
{
    private static readonly IReadOnlyList<CatalogueService> TwoRegions =
    [
        new(
            "compute",
            [
                new("internal", "east", "http://inside/"),
                new("public", "east", "http://east/v2.1"),
                new("public", "west", "http://west/v2.1/"),
            ]),
        new("network", [new("public", "east", "http://net/")]),
    ];

    [Fact]
    public void Of_several_regions_one_must_be_named()
    {
        var fault = Assert.Throws<CloudException>(() => Catalogue(null).EndpointOf(CloudService.Compute));

        Assert.Equal(
            ("The cloud has several regions (east, west): the configuration must name one as Region.", false),
            (fault.Message, fault.IsTransient));
        Assert.Equal("http://west/v2.1/", Catalogue("west").EndpointOf(CloudService.Compute).AbsoluteUri);
        Assert.Equal("http://east/v2.1/", Catalogue("east").EndpointOf(CloudService.Compute).AbsoluteUri);
    }

    [Fact]
    public void What_a_region_does_not_have_is_not_taken_from_another()
    {
        var fault = Assert.Throws<CloudException>(() => Catalogue("west").EndpointOf(CloudService.Network));

        Assert.Equal("The cloud offers no network service.", fault.Message);
    }

    private static ServiceCatalogue Catalogue(string? region) => new(TwoRegions, Options(region));

    private static OpenStackOptions Options(string? region)
    {
        var like = StubCloud.Options();
        return new OpenStackOptions
        {
            Account = like.Account, DeploymentId = like.DeploymentId, GatewayAddress = like.GatewayAddress, Region = region,
        };
    }
}
