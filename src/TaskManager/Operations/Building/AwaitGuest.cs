using System.Globalization;
using Dbaas.Cloud.Ports;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Servers;

namespace Dbaas.TaskManager.Operations.Building;

/// <summary>
/// Waits until the agent has enrolled; its enrolment wakes the operation. When it does not, the end of the server's console goes into the
/// fault's details: the server may be gone a moment later.
/// </summary>
internal sealed class AwaitGuest(ICompute compute, GuestOptions options) : Step<BuildState>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    // For the step's own word about it, which says more than the engine's.
    private static readonly TimeSpan Allowance = TimeSpan.FromMinutes(5);

    public override string Name => "await guest";

    public override TimeSpan TimeLimit => options.StartsWithin + Allowance;

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var id = context.Operation.InstanceId;
        if (await context.ReadAsync(unit => GuestRows.IsEnrolled(unit, id), cancellationToken))
        {
            return Done(state with { EnrolmentSecret = null });
        }

        var server = await compute.FindServerAsync(id, cancellationToken);
        if (server is null)
        {
            return Failed("The server went away before its agent called: it does not exist any more.");
        }

        var why = server.State == CloudServerState.Error
            ? $"The server went away before its agent called: {server.Detail ?? "the compute plane does not say why"}."
            : context.Elapsed > options.StartsWithin
                ? "The server runs, but its agent did not call within "
                    + $"{options.StartsWithin.TotalMinutes.ToString("0.#", CultureInfo.InvariantCulture)} minutes."
                : null;
        return why is null
            ? NotYet(state, LookAgain)
            : new StepOutcome<BuildState>.Failed(new OperationFault(why, await ConsoleTail.ReadAsync(compute, id, cancellationToken)));
    }
}
