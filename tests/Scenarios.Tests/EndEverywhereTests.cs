using Dbaas.Domain.Operations;
using Dbaas.Simulation.Checks;

namespace Dbaas.Scenarios.Tests;

/// <summary>Every workflow: given up at every point, and refused twice at every pair of points.</summary>
public sealed class EndEverywhereTests
{
    /// <summary>Their course asks for one thing, or is over with the first refusal: there is no pair.</summary>
    private static readonly string[] AskedOnce =
    [
        "a database is restarted", "a database is stopped", "an agent is upgraded", "a master is demoted by upkeep",
        "a stand-alone instance is deleted", "an evacuated server is not rebuilt",
    ];

    /// <summary>
    /// For each kind of operation the first course. That of an evacuation is one without a slave, which would wait for its dead master.
    /// </summary>
    public static TheoryData<string> Names => new(CutCases.All
        .GroupBy(one => one.Kind)
        .Select(kind => (kind.Key == OperationKinds.Evacuate ? kind.Last() : kind.First()).Name));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Given_up_at_any_point_it_ends_in_order_and_everything_can_be_deleted(string name) =>
        Assert.True(await EndEverywhere.GiveUpAsync(Find(name)) > 5, "The harness sees nothing.");

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Refused_twice_it_ends_and_everything_can_be_deleted(string name) =>
        Assert.Equal(!AskedOnce.Contains(name), await EndEverywhere.RefuseTwiceAsync(Find(name)) > 0);

    private static CutCase Find(string name) => CutCases.All.Single(one => one.Name == name);
}
