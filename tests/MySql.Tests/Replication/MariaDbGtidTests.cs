using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Replication;

namespace Dbaas.MySql.Tests.Replication;

public sealed class MariaDbGtidTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("0-1-100", "0-1-100")]
    [InlineData("0-2-5, 0-1-100", "0-1-100,0-2-5")]
    [InlineData("1-1-1,0-4294967295-18446744073", "0-4294967295-18446744073,1-1-1")]
    public void A_state_is_read_and_written(string text, string expected) =>
        Assert.Equal(expected, MariaDbGtidState.Parse(text).ToString());

    [Theory]
    [InlineData("0-1")]
    [InlineData("a-b-c")]
    [InlineData("0-1-2-3")]
    public void What_is_no_state_is_refused(string text) => Assert.ThrowsAny<FormatException>(() => MariaDbGtidState.Parse(text));

    [Fact]
    public void The_end_of_a_domain_is_its_highest_number() =>
        Assert.Equal(["0-2-150", "3-1-7"], MariaDbGtidState.Parse("0-1-100,0-2-150,3-1-7").LastOfEachDomain());

    [Fact]
    public void A_union_takes_the_higher_of_both() =>
        Assert.Equal(
            "0-1-100,0-2-160,1-1-1", MariaDbGtidState.Parse("0-1-100,0-2-150").Merge(MariaDbGtidState.Parse("0-2-160,1-1-1")).ToString());

    /// <summary>0-1-11 was lost before it was applied, and 0-2-12 of the next master does not stand for it.</summary>
    [Theory]
    [InlineData("0-1-10,0-2-12", "0-1-11", "0-1-11")]
    [InlineData("0-1-10,1-1-5", "0-1-10,1-1-7", "1-1-7")]
    [InlineData("0-1-10,0-2-12", "0-1-10", "")]
    [InlineData("0-1-10", "", "")]
    public async Task What_is_missing_is_told_by_server(string mine, string received, string missing) =>
        Assert.Equal(missing, await new MariaDbGtids().MissingAsync(null!, mine, received, TestContext.Current.CancellationToken));

    public static TheoryData<string, string, PositionComparison> Comparisons => new()
    {
        { "0-1-10", "0-1-10", new PositionComparison.Equal() },
        { "0-1-10", "0-1-13", new PositionComparison.Behind(3) },
        { "0-1-13", "0-1-10", new PositionComparison.Ahead(3) },
        { "0-1-10", "0-1-10,0-2-12", new PositionComparison.Behind(2) },
        { "", "0-1-10", new PositionComparison.Behind(10) },
        { "0-1-10,0-2-15", "0-1-12", new PositionComparison.Diverged("only here: up to 0-2-15; only there: up to 0-1-12") },
        { "0-1-10,0-2-11", "0-1-11", new PositionComparison.Diverged("only here: up to 0-2-11; only there: up to 0-1-11") },
    };

    [Theory]
    [MemberData(nameof(Comparisons))]
    public void States_are_compared_by_server(string mine, string other, PositionComparison expected) =>
        Assert.Equal(expected, MariaDbGtids.Compare(MariaDbGtidState.Parse(mine), MariaDbGtidState.Parse(other)));
}
