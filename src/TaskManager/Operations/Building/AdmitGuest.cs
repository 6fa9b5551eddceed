using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests.Gateway;

namespace Dbaas.TaskManager.Operations.Building;

/// <summary>Opens the window for one enrolment. The secret is saved with this step, before any server gets it.</summary>
internal sealed class AdmitGuest : Step<BuildState>
{
    public override string Name => "admit guest";

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var secret = EnrolmentSecret.Create();
        await context.WriteAsync(
            unit => GuestRows.AllowEnrolment(unit, context.Operation.InstanceId, EnrolmentSecret.Hash(secret)), cancellationToken);
        return Done(state with { EnrolmentSecret = secret });
    }

    public override async Task<UndoOutcome> UndoAsync(StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        await context.WriteAsync(unit => GuestRows.Revoke(unit, context.Operation.InstanceId), cancellationToken);
        return new UndoOutcome.Done();
    }
}
