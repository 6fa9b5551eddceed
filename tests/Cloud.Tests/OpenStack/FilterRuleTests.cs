using Dbaas.Cloud.OpenStack.Networks;
using Dbaas.Cloud.OpenStack.Neutron;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Tests.OpenStack;

/// <summary>What is asked for, as Neutron writes it: else a rule that is there is made and removed again at each look.</summary>
public sealed class FilterRuleTests
{
    [Fact]
    public void Without_a_list_everybody_of_both_families_comes_to_the_databases_ports() => Assert.Equal(
        [new("IPv4", 3306, 3306, "0.0.0.0/0", null), new("IPv6", 3306, 3306, "::/0", null)],
        FilterRule.For(new PortAccess { TcpPorts = [3306, 3306] }));

    [Fact]
    public void With_one_those_on_it_do_each_once() => Assert.Equal(
        [
            new("IPv4", 3306, 3306, "10.1.0.0/16", null), new("IPv4", 3307, 3307, "10.1.0.0/16", null),
            new("IPv4", 3306, 3306, "192.0.2.7/32", null), new("IPv4", 3307, 3307, "192.0.2.7/32", null),
            new("IPv6", 3306, 3306, "2001:db8::/32", null), new("IPv6", 3307, 3307, "2001:db8::/32", null),
        ],
        FilterRule.For(
            new PortAccess { TcpPorts = [3306, 3307], AllowedCidrs = ["10.1.2.3/16", "192.0.2.7", "10.1.0.0/16", "2001:db8::1/32"] }));

    [Fact]
    public void A_rule_that_is_there_is_known_again() => Assert.Equal(
        FilterRule.For(new PortAccess { TcpPorts = [3306] }),
        [
            FilterRule.Of(new NeutronRule("1", "ingress", "IPv4", "tcp") { PortRangeMin = 3306, PortRangeMax = 3306 }),
            FilterRule.Of(
                new NeutronRule("2", "ingress", "IPv6", "6") { PortRangeMin = 3306, PortRangeMax = 3306, RemoteIpPrefix = "::/0" }),
        ]);

    [Theory]
    [InlineData("udp", null)]
    [InlineData("tcp", "group")]
    [InlineData(null, null)]
    public void One_that_lets_in_anything_else_is_none_of_ours(string? protocol, string? group) => Assert.DoesNotContain(
        FilterRule.Of(
            new NeutronRule("1", "ingress", "IPv4", protocol) { PortRangeMin = 3306, PortRangeMax = 3306, RemoteGroupId = group }),
        FilterRule.For(new PortAccess { TcpPorts = [3306] }));

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("nonsense")]
    public void What_is_no_network_is_refused(string cidr) => Assert.False(
        Assert.Throws<CloudException>(() => FilterRule.For(new PortAccess { TcpPorts = [1], AllowedCidrs = [cidr] })).IsTransient);
}
