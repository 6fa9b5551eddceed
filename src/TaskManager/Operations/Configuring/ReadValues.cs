using Dbaas.Domain.Configurations;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.Configuring;

/// <summary>
/// What the guest is told is written down with its version: a change of the group that comes behind is another operation's.
/// </summary>
internal sealed class ReadValues : Step<ApplyConfigurationState>
{
    public override string Name => "read values";

    public override async Task<StepOutcome<ApplyConfigurationState>> EnsureAsync(
        StepContext context, ApplyConfigurationState state, CancellationToken cancellationToken)
    {
        var isDetach = ApplyConfigurationWorkflow.GoalOf(context.Operation).Detached is not null;
        var (instance, group) = await context.ReadAsync(
            unit =>
            {
                var row = InstanceRows.Find(unit, context.Operation.InstanceId)!;
                return (row, row.ConfigurationId is { } id && !isDetach ? ConfigurationRows.Find(unit, id) : null);
            },
            cancellationToken);
        return Done(new ApplyConfigurationState
        {
            Version = instance.ConfigurationVersion,
            Values = group is null ? new Dictionary<string, string>() : EngineValues.Of(group.ValuesJson),
        });
    }
}
