using Dbaas.Cloud.Ports;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests.Gateway;
using Dbaas.TaskManager.Operations.Building;

namespace Dbaas.TaskManager.Operations.Rebuild;

/// <summary>
/// Opens the window for one enrolment of a new agent, and decides which build of the server it will be in. The former agent goes on
/// counting until the plane has replaced its server: it may refuse.
/// </summary>
internal sealed class AdmitSuccessor(ICompute compute) : PlaneStep<BuildState>
{
    public override string Name => "admit guest";

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var (id, secret) = (context.Operation.InstanceId, EnrolmentSecret.Create());
        var there = await compute.FindServerAsync(id, cancellationToken);
        var build = await context.WriteAsync(
            unit =>
            {
                // What the former agent was asked and did not answer is not for its successor.
                CommandRows.Withdraw(unit, context.Operation.Id, id);
                GuestRows.AllowSuccessor(unit, id, EnrolmentSecret.Hash(secret));
                return 1 + Math.Max(there?.Build ?? 0, ServerRows.Find(unit, id)?.Build ?? 1);
            },
            cancellationToken);
        return Done(state with { EnrolmentSecret = secret, Build = build });
    }

    public override async Task<UndoOutcome> UndoAsync(StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        await context.WriteAsync(unit => GuestRows.CloseEnrolment(unit, context.Operation.InstanceId), cancellationToken);
        return new UndoOutcome.Done();
    }
}
