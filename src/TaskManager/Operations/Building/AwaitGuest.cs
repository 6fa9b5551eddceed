using Dbaas.Cloud.Ports;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.Building;

/// <summary>Waits until the agent has enrolled; its enrolment wakes the operation.</summary>
internal sealed class AwaitGuest(ICompute compute, GuestOptions options) : Step<BuildState>
{
    private const int ConsoleLines = 40;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    public override string Name => "await guest";

    // Our own limit comes first: it knows what the console says.
    public override TimeSpan TimeLimit => options.StartPatience + TimeSpan.FromMinutes(1);

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
            : context.Elapsed < options.StartPatience ? NotYet(state, LookAgain)
            : new StepOutcome<BuildState>.Failed(new OperationFault(
                $"The server runs, but its agent did not call within {options.StartPatience.TotalMinutes:0.#} minutes.",
                await ConsoleAsync(id, cancellationToken)));
    }

    private async Task<string?> ConsoleAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await compute.ConsoleTailAsync(id, ConsoleLines, cancellationToken) is { } tail ? $"The end of its console:\n{tail}" : null;
        }
        catch (CloudException e)
        {
            return $"Its console cannot be read: {e.Message}";
        }
    }
}
