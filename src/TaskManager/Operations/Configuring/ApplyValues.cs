using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.Configuring;

/// <summary>The guest gives its database the values, or leaves it as it was.</summary>
internal sealed class ApplyValues(GuestCommands guests) : Step<ApplyConfigurationState>
{
    public override string Name => "apply values";

    public override async Task<StepOutcome<ApplyConfigurationState>> EnsureAsync(
        StepContext context, ApplyConfigurationState state, CancellationToken cancellationToken)
    {
        var command = new ApplyConfiguration { Configuration = state.Values };
        return await guests.AskAsync(context, context.Operation.InstanceId, command, CommandLimits.WithRestart, cancellationToken) switch
        {
            GuestAnswer.Failed { Fault: { Kind: not FaultKind.Transient } fault } =>
                Failed(fault.Message, state with { IsRefused = true }),
            var answer => answer.Then(state, done => state with { WaitForRestart = done.Read<ConfigurationApplied>().WaitForRestart }),
        };
    }
}
