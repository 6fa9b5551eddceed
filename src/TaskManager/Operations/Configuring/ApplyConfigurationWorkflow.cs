using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.Configuring;

/// <summary>
/// A database gets the values of its configuration group. The operation owns the instance. What the database refuses counts as seen to,
/// with a fault; what it was only not told stays due.
/// </summary>
public static class ApplyConfigurationWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<ApplyConfigurationState> Define(GuestCommands guests) => new()
    {
        Kind = OperationKinds.ApplyConfiguration,
        Steps = [new ReadValues(), new ApplyValues(guests)],
        Begin = _ => new ApplyConfigurationState(),
        OnSucceeded = Succeeded,
        OnTurnedBack = (unit, operation, fault, now) => InstanceChanges.SetFault(
            unit, operation.InstanceId, null, $"The configuration could not be changed: {fault.Message}", fault.Details, now),
        OnUndone = Undone,
    };

    /// <summary>Reads the goal.</summary>
    internal static ApplyConfigurationGoal GoalOf(Operation operation) => operation.Goal is { } goal
        ? JsonSerializer.Deserialize<ApplyConfigurationGoal>(goal, JsonSerializerOptions.Web)!
        : new ApplyConfigurationGoal();

    private static void Succeeded(IUnit unit, Operation operation, ApplyConfigurationState state, long now)
    {
        var id = operation.InstanceId;
        if (GoalOf(operation).Detached is { } group)
        {
            InstanceConfigurations.Detach(unit, id, group);
        }

        InstanceConfigurations.Settle(unit, id, state.Version!.Value);
        GuestRows.SetWaitForRestart(unit, id, string.Join(' ', state.WaitForRestart));
        InstanceChanges.Touch(unit, id, now);
    }

    private static void Undone(IUnit unit, Operation operation, ApplyConfigurationState state, long now)
    {
        var id = operation.InstanceId;
        if (GoalOf(operation).Attached is { } group)
        {
            InstanceConfigurations.Detach(unit, id, group);
        }

        if (state is { IsRefused: true, Version: { } version })
        {
            InstanceConfigurations.Settle(unit, id, version);
        }
    }
}
