using System.Globalization;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.Building;

namespace Dbaas.TaskManager.Operations.CreateSlave;

/// <summary>
/// Asks a master for a snapshot, and tells it the backups of its data that it may choose from. The document is carried, never opened.
/// </summary>
internal sealed class MasterSnapshot(GuestCommands guests, MasterWatch watch, BackupOptions backups)
{
    private const double Gigabyte = 1024 * 1024 * 1024;

    private static readonly TimeSpan Offer = TimeSpan.FromHours(12);

    /// <summary>Asks, or looks whether the answer has come.</summary>
    /// <param name="context">The step.</param>
    /// <param name="state">What is known.</param>
    /// <param name="next">What follows when it has.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<StepOutcome<BuildState>> AskAsync(
        StepContext context,
        BuildState state,
        Func<BuildState, StepOutcome<BuildState>> next,
        CancellationToken cancellationToken)
    {
        var goal = CreateSlaveWorkflow.GoalOf(context.Operation);
        var (id, masterId) = (context.Operation.InstanceId, goal.MasterId);
        var (slave, candidates) = await context.ReadAsync(
            unit => (
                InstanceRows.Find(unit, id)!,
                backups.SlavesFromBackups && !state.WithoutBackups ? Candidates.Find(unit, masterId, id) : []),
            cancellationToken);

        // The operation's id is the snapshot's: every try is about the same offer.
        var command = new GetReplicationSnapshot(context.Operation.Id, id, slave.Address!, (int)Offer.TotalSeconds)
        {
            Backups = candidates,
            Group = goal.GroupId is { } group ? new SlaveGroup(group, goal.GroupSize) : null,
        };
        var answer = await guests.AskAsync(context, masterId, command, CommandLimits.WithRestart, cancellationToken);
        if (answer is not GuestAnswer.Succeeded done)
        {
            return await watch.CheckAsync(context, masterId, cancellationToken) is { } gone
                ? new StepOutcome<BuildState>.Failed(new OperationFault(gone))
                : answer.Then(state, _ => state);
        }

        var offer = done.Read<SnapshotOffer>();
        if (offer.DatasetBytes > slave.VolumeSize * Gigabyte)
        {
            return new StepOutcome<BuildState>.Failed(new OperationFault(
                $"The master's data ({Gigabytes(offer.DatasetBytes)} GB) does not fit the slave's volume of {slave.VolumeSize} GB."));
        }

        return offer.BackupId is { } backup && !await Candidates.TryShareAsync(context, masterId, backup, cancellationToken)
            ? WithoutBackups(state)
            : next(state with { Snapshot = offer.Snapshot, BackupId = offer.BackupId });
    }

    /// <summary>The master is asked once more, and told of none. One that names one all the same would be asked for ever.</summary>
    private static StepOutcome<BuildState> WithoutBackups(BuildState state) => state.WithoutBackups
        ? new StepOutcome<BuildState>.Failed(new OperationFault("The master's agent chose a backup that it was not told of."))
        : new StepOutcome<BuildState>.Moved(state with { WithoutBackups = true });

    private static string Gigabytes(long bytes) => (bytes / Gigabyte).ToString("0.0", CultureInfo.InvariantCulture);
}
