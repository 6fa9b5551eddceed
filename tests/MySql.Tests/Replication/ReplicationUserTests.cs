using System.Security.Cryptography;
using Dbaas.Datastores.MySql;
using Dbaas.Datastores.MySql.Replication;

namespace Dbaas.MySql.Tests.Replication;

public sealed class ReplicationUserTests
{
    [Fact]
    public void Names_fit_the_shortest_limit_and_are_one_for_each_slave()
    {
        var random = new RandomSource(RandomNumberGenerator.GetBytes);
        Func<RandomSource, string>[] names =
            [ReplicationUsers.NewName, ReplicationUsers.NewReaderName, ReplicationUsers.NewBackupName];
        foreach (var next in names)
        {
            var name = next(random);

            Assert.NotEqual(name, next(random));
            Assert.True(name.Length <= 32);
            Assert.True(ReplicationUsers.IsOurs(name));
            Assert.Equal(next == ReplicationUsers.NewBackupName, name.StartsWith(ReplicationUsers.BackupPrefix, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("10.0.0.5", "10.0.0.5")]
    [InlineData("127.0.0.7", "127.0.0.0/255.0.0.0")]
    [InlineData("fd00::5", "fd00::5")]
    public void A_slave_comes_from_its_own_address(string address, string pattern) =>
        Assert.Equal(pattern, ReplicationUsers.HostPatternFor(address));
}
