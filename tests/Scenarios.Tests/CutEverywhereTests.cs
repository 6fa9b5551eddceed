using System.Reflection;
using Dbaas.Domain.Operations;
using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Effects;

namespace Dbaas.Scenarios.Tests;

/// <summary>
/// Every workflow, and what goes wrong with it, cut off at every point. A new one gets it by a line in <see cref="CutCases"/>.
/// </summary>
public sealed class CutEverywhereTests
{
    public static TheoryData<string> Names => new(CutCases.All.Select(one => one.Name));

    private static IEnumerable<string> Kinds =>
        typeof(OperationKinds).GetFields(BindingFlags.Public | BindingFlags.Static).Where(one => one.IsLiteral)
            .Select(one => (string)one.GetRawConstantValue()!);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_ends_the_same_wherever_it_is_cut_off(string name)
    {
        var cuts = await CutEverywhere.RunAsync(CutCases.All.Single(one => one.Name == name));

        Assert.True(cuts > 6, $"Only {cuts} points were found to cut at: the harness sees nothing.");
    }

    [Fact]
    public void Every_kind_of_operation_is_cut_everywhere()
    {
        var missing = Kinds.Except(CutCases.All.Select(one => one.Kind));

        Assert.Empty(missing);
    }

    [Fact]
    public async Task Every_kind_of_operation_has_a_registered_workflow()
    {
        using var world = await World.CreateAsync();
        using var worker = world.StartWorker(new Undisturbed());

        Assert.All(Kinds, kind => Assert.Equal(kind, worker.Workflows.Find(kind, 0).Kind));
    }
}
