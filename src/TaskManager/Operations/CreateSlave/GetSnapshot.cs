using Dbaas.Domain;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.Building;
using Dbaas.TaskManager.Operations.ForgetSlave;

namespace Dbaas.TaskManager.Operations.CreateSlave;

/// <summary>The master offers a snapshot. The document is carried, never opened.</summary>
internal sealed class GetSnapshot(GuestCommands guests, MasterWatch watch, IIdSource ids) : Step<BuildState>
{
    private static readonly TimeSpan Offer = TimeSpan.FromHours(12);

    public override string Name => "get snapshot";

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var id = context.Operation.InstanceId;
        var masterId = CreateSlaveWorkflow.GoalOf(context.Operation).MasterId;
        var slave = await context.ReadAsync(unit => InstanceRows.Find(unit, id)!, cancellationToken);

        // The operation's id is the snapshot's: every try is about the same offer.
        var command = new GetReplicationSnapshot(context.Operation.Id, id, slave.Address!, (int)Offer.TotalSeconds);
        var answer = await guests.AskAsync(context, masterId, command, CommandLimits.WithRestart, cancellationToken);
        if (answer is not GuestAnswer.Succeeded done)
        {
            return await watch.CheckAsync(context, masterId, cancellationToken) is { } gone
                ? Failed(gone)
                : answer.Then(state, _ => state);
        }

        var offer = done.Read<SnapshotOffer>();
        var room = slave.VolumeSize * 1024L * 1024 * 1024;
        return offer.DatasetBytes > room
            ? Failed($"The master's data ({Gigabytes(offer.DatasetBytes)} GB) does not fit the slave's volume of {slave.VolumeSize} GB.")
            : Done(state with { Snapshot = offer.Snapshot });
    }

    public override async Task<UndoOutcome> UndoAsync(StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        // The master may be the one that failed: what it keeps is taken from it by an operation of its own, which can wait for it.
        await context.WriteAsync(
            unit => ForgetSlaveWorkflow.Start(
                unit, ids, CreateSlaveWorkflow.GoalOf(context.Operation).MasterId, context.Operation.InstanceId, context.Now),
            cancellationToken);
        return new UndoOutcome.Done();
    }

    private static string Gigabytes(long bytes) =>
        (bytes / (1024.0 * 1024 * 1024)).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);
}
