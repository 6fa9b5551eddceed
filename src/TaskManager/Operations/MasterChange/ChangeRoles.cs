using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.MasterChange;

/// <summary>The rows say who the master is, and who follows it.</summary>
internal sealed class ChangeRoles<TState>(Func<Operation, TState, RoleChange> change) : Step<TState>
{
    public override string Name => "change roles";

    /// <summary>The new master serves.</summary>
    public override bool HasNoWayBack(TState state) => true;

    public override async Task<StepOutcome<TState>> EnsureAsync(StepContext context, TState state, CancellationToken cancellationToken)
    {
        var (newMaster, former, others, staysMember) = change(context.Operation, state);
        await context.WriteAsync(
            unit => InstanceChanges.ChangeMaster(unit, context.Operation.Id, newMaster, former, others, staysMember),
            cancellationToken);
        return Done(state);
    }
}

/// <summary>Who is what from now on.</summary>
/// <param name="NewMaster">A slave before.</param>
/// <param name="Former">The master before.</param>
/// <param name="Others">All other slaves.</param>
/// <param name="StaysMember">The former master follows the new one; false: it leaves the set.</param>
internal sealed record RoleChange(string NewMaster, string Former, IReadOnlyList<string> Others, bool StaysMember);
