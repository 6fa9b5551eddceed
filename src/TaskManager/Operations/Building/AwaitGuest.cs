using Dbaas.Cloud.Ports;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.Building;

/// <summary>Waits until the agent has enrolled; its enrolment wakes the operation.</summary>
internal sealed class AwaitGuest(ICompute compute) : Step<BuildState>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    public override string Name => "await guest";

    public override TimeSpan TimeLimit => TimeSpan.FromMinutes(5);

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var id = context.Operation.InstanceId;
        if (await context.ReadAsync(unit => GuestRows.IsEnrolled(unit, id), cancellationToken))
        {
            return Done(state with { EnrolmentSecret = null });
        }

        var server = await compute.FindServerAsync(id, cancellationToken);
        return server is null or { State: CloudServerState.Error }
            ? Failed($"The server went away before its agent called: {server?.Detail ?? "it does not exist any more"}.")
            : NotYet(state, LookAgain);
    }
}
