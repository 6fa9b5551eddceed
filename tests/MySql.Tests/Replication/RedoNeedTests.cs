using Dbaas.Datastores.MySql.Replication;

namespace Dbaas.MySql.Tests.Replication;

public sealed class RedoNeedTests
{
    private const long Mb = 1024 * 1024;

    [Theory]
    [InlineData(96, 2048, 0, true)]
    [InlineData(96, 2048, 0.2, true)]
    [InlineData(96, 2048, 0.3, false)]
    [InlineData(96, 2048, 10, false)]
    [InlineData(96, 100, 1, true)]
    [InlineData(96, 100, 10, false)]
    [InlineData(1024, 2048, 2, true)]
    [InlineData(0, 100, 0, false)]
    public void A_log_is_large_enough_for_what_is_written_while_a_slow_copy_is_taken(
        long logMb, long dataMb, double writtenMb, bool isEnough) =>
        Assert.Equal(isEnough, RedoNeed.IsMet(logMb * Mb, dataMb * Mb, writtenMb * Mb));
}
