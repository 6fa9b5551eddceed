using Dbaas.Cloud.Ports;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Operations.ServerWork;

namespace Dbaas.TaskManager.Operations.Reboot;

/// <summary>
/// Asks for a reboot and waits until the machine has booted. Planes answer before it goes down, and until then the agent of before answers
/// everything: that it happened is seen by a new boot id in an agent's hello. An agent that says none is on a plane, or of a release, where
/// the plane's answer has to do.
/// </summary>
internal sealed class RebootServer(ICompute compute) : PlaneStep<ServerWorkState>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    // A machine that hangs does not heed a request. Its database is stopped.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    // What was asked for comes by then, or not at all.
    private static readonly TimeSpan ComesWithin = TimeSpan.FromMinutes(2);

    public override string Name => "reboot server";

    public override async Task<StepOutcome<ServerWorkState>> EnsureAsync(
        StepContext context, ServerWorkState state, CancellationToken cancellationToken)
    {
        var boot = await BootAsync(context, cancellationToken);
        if (state.BootBefore is not { } before)
        {
            // Written down before it is asked for: afterwards nobody could tell.
            return Moved(state with { BootBefore = boot });
        }

        if (HasBooted(before, boot))
        {
            return Done(state);
        }

        // Asked again after a lost answer it reboots twice, which nobody notices: the database is stopped.
        var kind = context.Elapsed > Patience ? RebootKind.Hard : RebootKind.Soft;
        if (state.Reboot != kind)
        {
            await compute.RebootServerAsync(context.Operation.InstanceId, kind, cancellationToken);
        }

        return before.Length == 0 ? Done(state) : NotYet(state with { Reboot = kind }, LookAgain);
    }

    /// <summary>The database is started next, and must not be when the machine goes down.</summary>
    public override async Task<UndoOutcome> UndoAsync(StepContext context, ServerWorkState state, CancellationToken cancellationToken) =>
        state.BootBefore is not { Length: > 0 } before
            || HasBooted(before, await BootAsync(context, cancellationToken))
            || context.Elapsed > ComesWithin
                ? new UndoOutcome.Done()
                : new UndoOutcome.NotYet(LookAgain);

    private static bool HasBooted(string before, string now) => before.Length > 0 && now != before;

    private static async Task<string> BootAsync(StepContext context, CancellationToken cancellationToken) =>
        await context.ReadAsync(unit => GuestRows.FindAgent(unit, context.Operation.InstanceId), cancellationToken) is { } agent
            ? agent.BootId
            : "";
}
