using Dbaas.Datastores.MySql.Replication;

namespace Dbaas.MySql.Tests.Replication;

public sealed class ReplicationUserTests
{
    [Fact]
    public void Names_fit_the_shortest_limit_and_are_one_for_each_slave()
    {
        var (one, other) = ("0193a3c2-0000-7000-8000-000000000001", "0193a3c2-0000-7000-8000-000000000002");

        Assert.Equal(ReplicationUsers.NameFor(one), ReplicationUsers.NameFor(one));
        Assert.NotEqual(ReplicationUsers.NameFor(one), ReplicationUsers.NameFor(other));
        Assert.True(ReplicationUsers.NameFor(one).Length <= 32);
        Assert.True(ReplicationUsers.ReaderNameFor(one).Length <= 32);
        Assert.True(ReplicationUsers.IsOurs(ReplicationUsers.NameFor(one)));
        Assert.True(ReplicationUsers.IsOurs(ReplicationUsers.ReaderNameFor(one)));
    }

    [Theory]
    [InlineData("10.0.0.5", "10.0.0.5")]
    [InlineData("127.0.0.7", "127.0.0.0/255.0.0.0")]
    [InlineData("fd00::5", "fd00::5")]
    public void A_slave_comes_from_its_own_address(string address, string pattern) =>
        Assert.Equal(pattern, ReplicationUsers.HostPatternFor(address));
}
