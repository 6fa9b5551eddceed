using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.Building;

namespace Dbaas.TaskManager.Operations.VerifyBackup;

/// <summary>
/// The hidden instance's agent reads all of the restored data, and says what it found. A fault is no finding: then the plane, the server or
/// the agent could not do it.
/// </summary>
internal sealed class ReadData(GuestCommands guests) : Step<BuildState>
{
    // Whoever wants to compare more of them compares the sum.
    private const int MostTables = 500;
    private const int MostTries = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromHours(24);

    public override string Name => "verify data";

    public override TimeSpan TimeLimit => Limit;

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        if (state.Damage is not null)
        {
            return Done(state);
        }

        var command = new VerifyData { MostTables = MostTables };
        return await guests.AskAsync(context, context.Operation.InstanceId, command, Limit, cancellationToken) switch
        {
            GuestAnswer.Succeeded done => Done(state with { Found = done.Read<DataVerified>() }),
            GuestAnswer.Failed { Fault: { Kind: FaultKind.Transient } fault } when context.Operation.Attempts + 1 >= MostTries =>
                Failed(fault.Message),
            var answer => answer.Then(state, _ => state),
        };
    }
}
