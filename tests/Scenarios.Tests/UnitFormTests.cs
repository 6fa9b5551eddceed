using Dbaas.Persistence;
using Dbaas.Simulation;
using Dbaas.Simulation.Running;

namespace Dbaas.Scenarios.Tests;

/// <summary>No unit of work that a course of events brings about decides on a cluster by what it has read.</summary>
public sealed class UnitFormTests
{
    public static TheoryData<string> Names => CutEverywhereTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Its_units_of_work_have_no_forbidden_form(string name)
    {
        var course = CutCases.All.Single(one => one.Name == name);
        using var world = await World.CreateAsync(checksUnits: true);
        var there = await course.Arrange(world);

        await course.Act(world, there);
        await world.SettleAsync();
        await world.PassAsync(TimeSpan.FromMinutes(11));
        await world.LookAfterAsync();
        await world.SettleAsync();
    }

    [Fact]
    public async Task A_unit_that_reads_and_then_decides_is_found()
    {
        using var world = await World.CreateAsync(checksUnits: true);

        var e = await Assert.ThrowsAsync<SimulationException>(() => world.Database.WriteAsync(
            unit =>
            {
                _ = unit.First<long>("SELECT in_use FROM quota_usages WHERE resource = 'ram'");
                unit.Execute("UPDATE quota_usages SET in_use = 1 WHERE resource = 'ram'");
            },
            TestContext.Current.CancellationToken));

        Assert.Contains("quota_usages is read before it is written by", e.Message, StringComparison.Ordinal);
    }
}
