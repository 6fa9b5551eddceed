using Dbaas.Domain.Operations;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Tests;

public sealed class WorkflowsTests
{
    private sealed record Nothing;

    private static readonly Workflows All = new([Make("one", 1), Make("one", 2), Make("two", 1)]);

    [Fact]
    public void An_operation_that_has_not_begun_gets_the_newest_version() => Assert.Equal(2, All.Find("one", 0).Version);

    [Fact]
    public void An_operation_ends_with_the_version_that_it_began_with() => Assert.Equal(1, All.Find("one", 1).Version);

    [Theory]
    [InlineData("one", 3)]
    [InlineData("three", 0)]
    public void What_this_build_does_not_have_is_an_error_that_names_it(string kind, int version)
    {
        var e = Assert.Throws<InvalidOperationException>(() => All.Find(kind, version));

        Assert.Contains(kind, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_version_twice_is_an_error() =>
        Assert.Throws<ArgumentException>(() => new Workflows([Make("one", 1), Make("one", 1)]));

    [Fact]
    public void Every_registered_step_has_a_name_and_time()
    {
        IWorkflow workflow = Make("one", 1);

        Assert.Equal((1, "a step"), (workflow.StepCount, workflow.NameOf(0)));
        Assert.True(workflow.LimitOf(0) > TimeSpan.Zero);
    }

    private static Workflow<Nothing> Make(string kind, int version) => new()
    {
        Kind = kind,
        Version = version,
        Steps = [new AStep()],
        Begin = _ => new Nothing(),
        OnSucceeded = (_, _, _, _) => { },
        OnTurnedBack = (_, _, _, _) => { },
    };

    private sealed class AStep : Step<Nothing>
    {
        public override string Name => "a step";

        public override Task<StepOutcome<Nothing>> EnsureAsync(StepContext context, Nothing state, CancellationToken cancellationToken) =>
            Task.FromResult(Done(state));
    }
}
