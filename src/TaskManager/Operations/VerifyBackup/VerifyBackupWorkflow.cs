using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.Domain;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.Building;
using Dbaas.TaskManager.Operations.RestoreInstance;

namespace Dbaas.TaskManager.Operations.VerifyBackup;

/// <summary>
/// A backup is restored on a hidden instance, whose data is read as a whole. The operation owns that instance, and shares the backup and
/// those that it follows on. However it ends, the same unit begins the deletion of the instance; and only what the data or the engine says
/// is a verdict: whatever else goes wrong puts the verification off.
/// </summary>
public static class VerifyBackupWorkflow
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>The workflow.</summary>
    public static Workflow<BuildState> Define(
        INetworks networks, IVolumes volumes, ICompute compute, GuestCommands guests, GuestAccess access, GuestOptions options,
        IKeyMaker keys, IIdSource ids) => new()
        {
            Kind = OperationKinds.VerifyBackup,
            Steps =
            [
                .. ServerSteps.All(networks, volumes, compute, access, options),
                new PrepareDatabase("prepare database", guests, DataOrigin.Restored, operation => GoalOf(operation).Create),
                new RestoreData(guests, keys, isToVerify: true),
                new ReadData(guests),
            ],
            Begin = _ => new BuildState(),
            OnSucceeded = (unit, operation, state, now) =>
            {
                Judge(unit, operation, state, now);
                VerifierRemoval.Begin(unit, operation.InstanceId, ids, now);
            },
            OnTurnedBack = BuildResults.TurnedBack,
            OnUndone = (unit, operation, _, now) =>
            {
                PutOff(unit, operation, now);
                VerifierRemoval.Begin(unit, operation.InstanceId, ids, now);
            },
            OnAbandoned = (unit, operation, state, fault, now) =>
            {
                BuildResults.Abandoned(unit, operation, state, fault, now);
                PutOff(unit, operation, now);
                VerifierRemoval.Begin(unit, operation.InstanceId, ids, now);
            },
        };

    private static VerifyBackupGoal GoalOf(Operation operation) =>
        JsonSerializer.Deserialize<VerifyBackupGoal>(operation.Goal!, JsonSerializerOptions.Web)!;

    private static void PutOff(IUnit unit, Operation operation, long now) => VerificationRows.PutOff(
        unit,
        GoalOf(operation).BackupId,
        VerificationState.Running,
        operation.Fault ?? "It was given up.",
        now);

    private static void Judge(IUnit unit, Operation operation, BuildState state, long now)
    {
        var (goal, verdict) = (GoalOf(operation), VerdictOf(state));
        VerificationRows.Finish(unit, goal.BackupId, verdict, now);
        HistoryRows.Add(unit, new HistoryEntry
        {
            Id = $"{operation.Id}-ok",
            InstanceId = goal.SourceId,
            At = now,
            Event = "backup-verified",
            Outcome = verdict.Fault is null ? "done" : "failed",
            Detail = verdict.Fault is { } fault
                ? $"The backup {goal.BackupName} did not pass its verification. {fault}"
                : $"The backup {goal.BackupName} was restored and read: {verdict.Tables} tables with {verdict.Rows} rows.",
        });
    }

    private static Verdict VerdictOf(BuildState state)
    {
        if (state.Found is not { } found)
        {
            return new Verdict($"It could not be restored. {state.Damage}", null, null, null, null);
        }

        var more = found.FaultCount > found.Faults.Count ? $" (and {found.FaultCount - found.Faults.Count} more)" : "";
        return new Verdict(
            found.FaultCount > 0 ? $"{string.Join(" ", found.Faults)}{more}" : null,
            found.TableCount,
            found.Rows,
            found.Checksum,
            JsonSerializer.Serialize(found.Tables, Form));
    }
}
