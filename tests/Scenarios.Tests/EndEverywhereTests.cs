using Dbaas.Domain.Operations;
using Dbaas.Simulation.Checks;

namespace Dbaas.Scenarios.Tests;

/// <summary>Every workflow: given up at every point, refused twice at every pair of points, and from every point on.</summary>
public sealed class EndEverywhereTests
{
    /// <summary>Their course asks for one thing, or is over with the first refusal: there is no pair.</summary>
    private static readonly string[] AskedOnce =
    [
        "a database is restarted", "a database is stopped", "an agent is upgraded", "a master is demoted by upkeep",
        "a stand-alone instance is deleted", "an evacuated server is not rebuilt", "a backup with one that follows on it is deleted",
        "an archived log goes that no backup needs", "a backup that follows on one of a Trove is made known",
        "an instance is given a configuration group", "a log is published in pieces",
    ];

    /// <summary>
    /// For each kind of operation the first course. That of an evacuation is one without a slave, which would wait for its dead master.
    /// And those in which more than one server is taken apart.
    /// </summary>
    public static TheoryData<string> Names => new(CutCases.All
        .GroupBy(one => one.Kind)
        .Select(kind => (kind.Key == OperationKinds.Evacuate ? kind.Last() : kind.First()).Name)
        .Concat(["the last slave is detached", "the last slave is deleted", "a volume is resized where that needs a stop"]));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Given_up_at_any_point_it_ends_in_order_and_everything_can_be_deleted(string name) =>
        Assert.True(await EndEverywhere.GiveUpAsync(Find(name)) > 3, "The harness sees nothing.");

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Refused_twice_it_ends_and_everything_can_be_deleted(string name) =>
        Assert.Equal(!AskedOnce.Contains(name), await EndEverywhere.RefuseTwiceAsync(Find(name)) > 0);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Refused_from_any_point_on_it_ends_and_everything_can_be_deleted(string name) =>
        Assert.True(await EndEverywhere.RefuseAllAsync(Find(name)) > 0, "The harness sees nothing.");

    private static CutCase Find(string name) => CutCases.All.Single(one => one.Name == name);
}
