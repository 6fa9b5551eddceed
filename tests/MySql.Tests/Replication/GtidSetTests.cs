using Dbaas.Datastores.MySql.Replication;

namespace Dbaas.MySql.Tests.Replication;

public sealed class GtidSetTests
{
    private const string One = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private const string Two = "4350f323-7565-4e59-8763-4b1b83a0ce0e";

    [Theory]
    [InlineData("", "", 0)]
    [InlineData(One + ":7", One + ":7", 1)]
    [InlineData(One + ":1-5:7", One + ":1-5:7", 6)]
    [InlineData(One + ":1-5:6-9", One + ":1-9", 9)]
    [InlineData(One + ":5,\n" + Two + ":1-3", One + ":5," + Two + ":1-3", 4)]
    [InlineData(One + ":1-2:tag:1-3", One + ":1-2," + One + ":tag:1-3", 5)]
    public void A_set_is_read_counted_and_written(string text, string expected, long count)
    {
        var set = GtidSet.Parse(text);

        Assert.Equal(expected, set.ToString());
        Assert.Equal(count, set.Count);
    }

    [Fact]
    public void A_union_joins_what_touches() =>
        Assert.Equal(
            $"{One}:1-12,{Two}:4", GtidSet.Parse($"{One}:1-5:9-12").Union(GtidSet.Parse($"{One}:4-8,{Two}:4")).ToString());

    [Fact]
    public void The_highest_number_is_of_one_server()
    {
        var set = GtidSet.Parse($"{One}:1-5:90,{Two}:200,{One}:tag:300");

        Assert.Equal(90, set.Highest(One.ToUpperInvariant()));
        Assert.Equal(0, set.Highest("another"));
    }
}
