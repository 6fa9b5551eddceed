using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.EjectMaster;

/// <summary>The successor is the master, and clients can write on it.</summary>
internal sealed class TakeOver(GuestCommands guests) : Step<EjectState>
{
    /// <summary>The guest waits two minutes for what it received to be applied.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public override string Name => "promote slave";

    public override TimeSpan TimeLimit => TimeSpan.FromMinutes(30);

    /// <summary>
    /// From when it is asked: it may take writes, and the former master must not be started beside it. Only its own word that it is a slave
    /// as before opens the way back.
    /// </summary>
    public override bool HasNoWayBack(EjectState state) => state.Asked;

    public override async Task<StepOutcome<EjectState>> EnsureAsync(
        StepContext context, EjectState state, CancellationToken cancellationToken)
    {
        if (!state.Asked)
        {
            return Moved(state with { Asked = true });
        }

        var answer = await guests.AskAsync(context, state.Successor!, new PromoteReplicationSlave(), Limit, cancellationToken);
        return answer is GuestAnswer.Failed { Fault: { Kind: not FaultKind.Transient } fault }
            ? Failed($"{state.Successor} could not take over: {fault.Message}", state with { Asked = false })
            : answer.Then(state, _ => state);
    }
}
