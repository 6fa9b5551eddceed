using Dbaas.Domain.Configurations;

namespace Dbaas.Domain.Tests.Configurations;

public sealed class ValueRulesTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("character_set_server=latin1", null)]
    [InlineData("collation_server=utf8mb4_bin", null)]
    [InlineData("collation_server=latin1_swedish_ci", "does not fit character_set_server, which is utf8mb4")]
    [InlineData("character_set_server=latin1 collation_server=latin1_swedish_ci", null)]
    [InlineData("character_set_server=LATIN1 collation_server=latin1_swedish_ci", null)]
    [InlineData("character_set_server=utf8 collation_server=utf8mb3_general_ci", null)]
    [InlineData("character_set_server=utf8mb3 collation_server=utf8_general_ci", null)]
    [InlineData("character_set_server=utf8 collation_server=utf8mb4_bin", "does not fit")]
    [InlineData("character_set_server=binary collation_server=binary", null)]
    [InlineData("innodb_log_buffer_size=67108864", null)]
    [InlineData("innodb_log_buffer_size=67108864 innodb_log_file_size=67108864", null)]
    [InlineData("innodb_log_buffer_size=67108865 innodb_log_file_size=67108864", "is larger than innodb_log_file_size")]
    public void Values_go_together_or_not(string values, string? words) => AssertSays(words, ValueRules.WhyNotTogether(Parse(values)));

    [Theory]
    [InlineData("max_connections=100000", null)]
    [InlineData("innodb_buffer_pool_size=429496729", null)]
    [InlineData("innodb_buffer_pool_size=429496730", "innodb_buffer_pool_size may have 429496729 bytes in all on a flavor with 512 MB")]
    [InlineData("innodb_buffer_pool_size=18446744073709551615", "innodb_buffer_pool_size")]
    [InlineData("innodb_buffer_pool_size=300000000 key_buffer_size=100000000", null)]
    [InlineData(
        "innodb_buffer_pool_size=300000000 key_buffer_size=130000000", "parameters innodb_buffer_pool_size and key_buffer_size may have")]
    [InlineData("sort_buffer_size=429496729 join_buffer_size=429496729", null)]
    [InlineData("sort_buffer_size=18446744073709551615", "sort_buffer_size may have 429496729 bytes")]
    [InlineData("innodb_log_file_size=1073741824", null)]
    [InlineData("innodb_log_file_size=1073741825", "innodb_log_file_size may have 1073741824 bytes on a volume of 2 GB")]
    public void Values_fit_the_size_of_an_instance_or_not(string values, string? words) =>
        AssertSays(words, ValueRules.WhyNotFor(Parse(values), memoryMb: 512, volumeGb: 2));

    private static void AssertSays(string? words, string? refusal)
    {
        if (words is null)
        {
            Assert.Null(refusal);
        }
        else
        {
            Assert.Contains(words, refusal, StringComparison.Ordinal);
        }
    }

    private static Dictionary<string, string> Parse(string values) =>
        values.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('=')).ToDictionary(one => one[0], one => one[1]);
}
