using Dbaas.Cloud.OpenStack;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Tests.OpenStack;

public sealed class MarksTests
{
    private static readonly Marks Marks = new("deployment");

    [Fact]
    public void A_key_stands_in_what_is_marked() =>
        Assert.EndsWith(":instance-1", Marks.FloatingDescription("instance-1"), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("one two")]
    [InlineData("one\n")]
    [InlineData("0123456789012345678901234567890123456")]
    public void What_may_not_stand_there_is_no_key(string key) =>
        Assert.Throws<CloudException>(() => Marks.FloatingDescription(key));
}
