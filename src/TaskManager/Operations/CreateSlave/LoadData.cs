using Dbaas.Domain.Instances;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.Building;

namespace Dbaas.TaskManager.Operations.CreateSlave;

/// <summary>
/// The slave makes its data of what its master offers, by a job beside whatever else its agent is asked for. If that is a backup and it
/// turns out that none can be made of it, the master is asked for its data. An agent of before there was a job loads and follows by one
/// command; what comes after this finds that done.
/// </summary>
internal sealed class LoadData(GuestCommands guests, MasterSnapshot snapshot, MasterWatch watch) : Step<BuildState>
{
    private const int MostTriesOfABackup = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromHours(12);

    public override string Name => "load data";

    public override TimeSpan TimeLimit => Limit;

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        if (state.Snapshot is null)
        {
            return await snapshot.AskAsync(context, state, Moved, cancellationToken);
        }

        var (id, masterId) = (context.Operation.InstanceId, CreateSlaveWorkflow.GoalOf(context.Operation).MasterId);
        var command = await context.ReadAsync(unit => ToCommand(unit, id, state), cancellationToken);
        var answer = await guests.AskAsync(context, id, command, Limit, cancellationToken);
        switch (answer)
        {
            case GuestAnswer.Succeeded when state.BackupId is { } backup:
                await TellAsync(context, backup, "done", "Its data was made from it; the master was not read.", cancellationToken);
                return Done(state);
            case GuestAnswer.Succeeded:
                return Done(state);
            case GuestAnswer.Failed { Fault: var fault } when state.BackupId is { } backup && IsForGood(context, fault):
                await TellAsync(context, backup, "failed", $"The data comes from the master instead. {fault.Message}", cancellationToken);
                return Moved(state with { Snapshot = null, BackupId = null, WithoutBackups = true });
        }

        return await watch.CheckAsync(context, masterId, cancellationToken) is { } gone ? Failed(gone) : answer.Then(state, _ => state);
    }

    private static bool IsForGood(StepContext context, GuestFault fault) =>
        fault.Kind is not FaultKind.Transient || context.Operation.Attempts + 1 >= MostTriesOfABackup;

    /// <summary>In the slave's history; whatever came of it, the backup is not needed any more.</summary>
    private static async Task TellAsync(
        StepContext context, string backupId, string outcome, string what, CancellationToken cancellationToken)
    {
        var operation = context.Operation;
        var chain = await context.ReadAsync(unit => BackupRows.Chain(unit, backupId), cancellationToken);
        await context.WriteAsync(
            unit =>
            {
                Candidates.Release(unit, chain, operation.Id);
                HistoryRows.Add(unit, new HistoryEntry
                {
                    Id = $"{operation.Id}-backup",
                    InstanceId = operation.InstanceId,
                    At = context.Now,
                    OperationId = operation.Id,
                    Event = "slave-from-backup",
                    Step = operation.StepName,
                    Outcome = outcome,
                    Detail = $"The backup {chain[^1].Name} ({backupId}) was chosen. {what}",
                });
            },
            cancellationToken);
    }

    private static GuestCommand ToCommand(IUnit unit, string slaveId, BuildState state)
    {
        if (state.BackupId is { } backup)
        {
            var chain = StoredChain.Read(unit, backup, privateKey: null);
            return new LoadReplicationSnapshot(state.Snapshot!) { Chain = chain.Links, Identity = chain.Identity };
        }

        var load = new LoadReplicationSnapshot(state.Snapshot!);
        return GuestRows.FindAgent(unit, slaveId) is { } agent && load.WhyNotBy(agent.Protocol) is not null
            ? new AttachReplicationSlave(state.Snapshot!)
            : load;
    }
}
