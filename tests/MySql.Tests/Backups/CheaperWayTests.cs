using Dbaas.Datastores.MySql.Backups;

namespace Dbaas.MySql.Tests.Backups;

public sealed class CheaperWayTests
{
    private const long Gigabyte = 1024L * 1024 * 1024;

    [Theory]
    [InlineData(100 * Gigabyte, 0, true)]
    [InlineData(100 * Gigabyte, 10 * Gigabyte, true)]
    [InlineData(100 * Gigabyte, (10 * Gigabyte) + 1, false)]
    [InlineData(0, 0, true)]
    [InlineData(0, 1, false)]
    [InlineData(9, 1, false)]
    [InlineData(long.MaxValue, long.MaxValue / 10, true)]
    [InlineData(long.MaxValue, long.MaxValue, false)]
    public void A_backup_is_the_cheaper_way_while_the_log_behind_it_is_a_tenth_of_the_data_at_most(
        long dataBytes, long logBytes, bool isBackup) => Assert.Equal(isBackup, CheaperWay.IsBackup(dataBytes, logBytes));
}
