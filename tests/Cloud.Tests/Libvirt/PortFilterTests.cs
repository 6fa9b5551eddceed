using System.Globalization;
using System.Net;
using System.Xml.Linq;
using Dbaas.Cloud.Libvirt.Networks;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Tests.Libvirt;

/// <summary>Whom the rules let in, read as libvirt reads them: by priority, and the first that fits decides.</summary>
public sealed class PortFilterTests
{
    private const string Host = "10.89.7.1";
    private const string Member = "10.89.7.20";
    private const string Listed = "192.0.2.44";
    private const string Stranger = "198.51.100.9";

    private static readonly GuestPort Port =
        new(IPAddress.Parse("10.89.7.10"), "n", IPAddress.Parse(Host), IPNetwork.Parse("10.89.7.0/24"));

    [Theory]
    [InlineData(Listed, 3306, true)]
    [InlineData(Member, 3306, true)]
    [InlineData(Host, 3306, false)]
    [InlineData(Stranger, 3306, false)]
    [InlineData(Listed, 22, false)]
    [InlineData(Member, 22, false)]
    [InlineData(Stranger, 50000, true)]
    public void With_a_list_those_on_it_and_members_reach_the_databases_ports(string from, int port, bool isLetIn) =>
        Assert.Equal(isLetIn, LetsIn(["192.0.2.0/24"], from, port));

    [Theory]
    [InlineData(Stranger, 3306, true)]
    [InlineData(Host, 3306, true)]
    [InlineData(Member, 3306, true)]
    [InlineData(Stranger, 22, false)]
    [InlineData(Host, 22, false)]
    [InlineData(Member, 8080, false)]
    public void Without_one_everybody_does_and_reaches_nothing_else(string from, int port, bool isLetIn) =>
        Assert.Equal(isLetIn, LetsIn([], from, port));

    [Fact]
    public void The_host_comes_in_when_it_is_on_the_list() => Assert.True(LetsIn([$"{Host}/32"], Host, 3306));

    [Fact]
    public void A_list_that_names_everywhere_is_as_none() => Assert.True(LetsIn(["0.0.0.0/0"], Stranger, 3306));

    private static bool LetsIn(IReadOnlyList<string> list, string from, int port)
    {
        var filter = PortFilter.Describe(
            "filter", "0198c0de-0000-7000-8000-00000000000a", Port, new PortAccess { TcpPorts = [3306], AllowedCidrs = list });
        return filter.Elements("rule")
            .Where(rule => rule.Attribute("direction")!.Value is "in" or "inout")
            .OrderBy(rule => Number(rule.Attribute("priority")!))
            .First(rule => Fits(rule.Elements().Single(), IPAddress.Parse(from), port))
            .Attribute("action")!.Value == "accept";
    }

    private static bool Fits(XElement what, IPAddress from, int port) => what.Name.LocalName switch
    {
        "mac" => true,
        "ip" => what.Attribute("protocol") is not { Value: not "tcp" }
            && (what.Attribute("srcipaddr") is not { } address
                || new IPNetwork(IPAddress.Parse(address.Value), Number(what.Attribute("srcipmask")!)).Contains(from))
            && (what.Attribute("dstportstart") is not { } first
                || (port >= Number(first) && port <= Number(what.Attribute("dstportend") ?? first))),
        _ => false,
    };

    private static int Number(XAttribute attribute) => int.Parse(attribute.Value, CultureInfo.InvariantCulture);
}
