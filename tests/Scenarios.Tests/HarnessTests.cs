using Dbaas.Domain.Operations;
using Dbaas.Domain.Quotas;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Guests;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.Building;
using Dbaas.TaskManager.Operations.CreateInstance;

namespace Dbaas.Scenarios.Tests;

/// <summary>A harness that cannot fail proves nothing.</summary>
public sealed class HarnessTests
{
    [Fact]
    public async Task A_step_that_does_instead_of_ensuring_is_found()
    {
        var broken = Course("m1: Ready", step => new TakesQuotaEachTime(step));

        var e = await Assert.ThrowsAsync<SimulationException>(() => CutEverywhere.RunAsync(broken));

        Assert.Contains("[quota is what the live instances take]", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_without_an_undo_is_found()
    {
        var broken = Course("m1: Failed", step => new ForgetsToUndo(step)) with
        {
            Act = (world, _) =>
            {
                world.GuestFaults.Add("m1", "prepare", GuestTrouble.FailForGood);
                return world.Api.CreateAsync("m1");
            },
        };

        var e = await Assert.ThrowsAsync<SimulationException>(() => CutEverywhere.RunAsync(broken));

        Assert.Contains("[nothing is left in the cloud] volume", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_remembers_only_in_its_own_memory_is_found()
    {
        var broken = Course("m1: Ready", step => new RemembersInMemory(step));

        var e = await Assert.ThrowsAsync<SimulationException>(() => CutEverywhere.RunAsync(broken));

        Assert.Contains("cut at", e.Message, StringComparison.Ordinal);
    }

    /// <summary>The creation of an instance, with the making of its volume broken.</summary>
    private static CutCase Course(string end, Func<Step<BuildState>, Step<BuildState>> breakIt) =>
        new("a broken creation", OperationKinds.CreateInstance, Sets.Nothing, (world, _) => world.Api.CreateAsync("m1"), end)
        {
            Change = (networks, volumes, compute, guests, access) =>
            {
                var right = CreateInstanceWorkflow.Define(networks, volumes, compute, guests, access, new GuestOptions());
                return
                [
                    new Workflow<BuildState>
                    {
                        Kind = right.Kind,
                        Steps = [.. right.Steps.Select((step, index) => index == 1 ? breakIt(step) : step)],
                        Begin = right.Begin,
                        OnSucceeded = right.OnSucceeded,
                        OnTurnedBack = right.OnTurnedBack,
                    },
                ];
            },
        };

    private abstract class Around(Step<BuildState> inner) : Step<BuildState>
    {
        public override string Name => inner.Name;

        public override Task<StepOutcome<BuildState>> EnsureAsync(
            StepContext context, BuildState state, CancellationToken cancellationToken) =>
            inner.EnsureAsync(context, state, cancellationToken);

        public override Task<UndoOutcome> UndoAsync(StepContext context, BuildState state, CancellationToken cancellationToken) =>
            inner.UndoAsync(context, state, cancellationToken);
    }

    private sealed class TakesQuotaEachTime(Step<BuildState> inner) : Around(inner)
    {
        public override async Task<StepOutcome<BuildState>> EnsureAsync(
            StepContext context, BuildState state, CancellationToken cancellationToken)
        {
            // Right when it happens once: the volume's part of the quota is given back, and taken again by this step.
            await context.WriteAsync(unit => QuotaRows.GiveBack(unit, ControlApi.Project, QuotaResources.Volumes, 1), cancellationToken);
            var done = await base.EnsureAsync(context, state, cancellationToken);
            await context.WriteAsync(unit => QuotaRows.TryTake(unit, ControlApi.Project, QuotaResources.Volumes, 1), cancellationToken);
            return done;
        }
    }

    private sealed class ForgetsToUndo(Step<BuildState> inner) : Around(inner)
    {
        public override Task<UndoOutcome> UndoAsync(StepContext context, BuildState state, CancellationToken cancellationToken) =>
            Task.FromResult<UndoOutcome>(new UndoOutcome.Done());
    }

    private sealed class RemembersInMemory(Step<BuildState> inner) : Around(inner)
    {
        private bool isBegun;

        public override async Task<StepOutcome<BuildState>> EnsureAsync(
            StepContext context, BuildState state, CancellationToken cancellationToken)
        {
            if (!isBegun)
            {
                isBegun = true;
                return state.EnrolmentSecret is null
                    ? NotYet(state with { EnrolmentSecret = "begun" }, TimeSpan.FromSeconds(1))
                    : Failed("Lost.");
            }

            return await base.EnsureAsync(context, state, cancellationToken);
        }
    }
}
