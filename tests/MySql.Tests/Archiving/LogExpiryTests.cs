using Dbaas.Datastores.MySql.Archiving;

namespace Dbaas.MySql.Tests.Archiving;

public sealed class LogExpiryTests
{
    [Theory]
    [InlineData(null, null, 604800)]
    [InlineData("3600", null, 3600)]
    [InlineData(null, "2", 172800)]
    [InlineData("3600", "2", 3600)]
    public void A_file_is_kept_as_long_as_its_group_says_and_else_a_week(string? seconds, string? days, int expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), LogExpiry.Of(Group(seconds, days)));

    /// <summary>Which is what nothing means to both engines.</summary>
    [Theory]
    [InlineData("0", null)]
    [InlineData(null, "0")]
    public void A_file_that_is_kept_for_ever_has_no_age(string? seconds, string? days) =>
        Assert.Null(LogExpiry.Of(Group(seconds, days)));

    private static Dictionary<string, string> Group(string? seconds, string? days)
    {
        var group = new Dictionary<string, string>();
        foreach (var (name, value) in new[] { (LogExpiry.Name, seconds), ("expire_logs_days", days) })
        {
            if (value is not null)
            {
                group[name] = value;
            }
        }

        return group;
    }
}
