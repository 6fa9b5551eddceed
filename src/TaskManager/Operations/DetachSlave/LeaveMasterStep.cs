using System.Text.Json;
using Dbaas.Domain;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.ForgetSlave;
using Dbaas.TaskManager.Planning;

namespace Dbaas.TaskManager.Operations.DetachSlave;

/// <summary>The loop around <see cref="LeaveMaster"/>: look, ask for the next move, make it, save, look again.</summary>
internal sealed class LeaveMasterStep(GuestCommands guests, GuestOptions options, IIdSource ids, DetachReason reason)
    : Step<LeaveMasterState>
{
    private static readonly TimeSpan AtOnce = TimeSpan.Zero;
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public override string Name => reason == DetachReason.Deleted ? "leave master" : "detach from master";

    // Two of its commands may restart a database.
    public override TimeSpan TimeLimit => TimeSpan.FromMinutes(20);

    public override async Task<StepOutcome<LeaveMasterState>> EnsureAsync(
        StepContext context, LeaveMasterState state, CancellationToken cancellationToken)
    {
        var masterId = JsonSerializer.Deserialize<LeaveMasterGoal>(context.Operation.Goal!, JsonSerializerOptions.Web)!.MasterId;
        if (masterId is null)
        {
            return Done(state);
        }

        return LeaveMaster.Next(await LookAsync(context, state, masterId, cancellationToken)) switch
        {
            LeaveMasterMove.DetachSlave => await DetachAsync(context, state, cancellationToken),
            LeaveMasterMove.ForgetSlave => await ForgetAsync(context, state, masterId, cancellationToken),
            LeaveMasterMove.ForgetLater => await ForgetLaterAsync(context, state, masterId, cancellationToken),
            LeaveMasterMove.Uncount => await UncountAsync(context, state, masterId, cancellationToken),
            LeaveMasterMove.TakeMaster => await TakeMasterAsync(context, state, masterId, cancellationToken),
            LeaveMasterMove.DemoteMaster => await DemoteAsync(context, state, masterId, cancellationToken),
            LeaveMasterMove.Finished => Done(state),
            var move => throw new InvalidOperationException($"No such move: {move}."),
        };
    }

    private Task<LeaveMasterSeen> LookAsync(
        StepContext context, LeaveMasterState state, string masterId, CancellationToken cancellationToken) =>
        context.ReadAsync(
            unit =>
            {
                var id = context.Operation.InstanceId;
                var slave = InstanceRows.Find(unit, id);
                var master = InstanceRows.Find(unit, masterId);
                var ownsMaster = LockRows.Mode(unit, masterId, context.Operation.Id) == LockMode.Own;
                return new LeaveMasterSeen
                {
                    HasMaster = slave?.SlaveOfId is not null,
                    SlaveIsDeleted = reason == DetachReason.Deleted,
                    SlaveAnswers = !state.SlaveIsSilent && options.IsAnswering(GuestRows.Find(unit, id), context.Now),
                    Detached = state.Detached,
                    MasterAnswers = master is { Deleted: false, Lifecycle: Lifecycle.Ready }
                        && GuestRows.Find(unit, masterId) is { } heard && options.IsAnswering(heard, context.Now)
                        && (ownsMaster || heard.ServerState == "Healthy"),
                    Forgotten = state.Forgotten,
                    Uncounted = state.Uncounted,
                    MasterHasNoSlave = state.WasLast && master is { SlaveCount: 0, BinaryLog: BinaryLogChoice.WhenReplicating },
                    OwnsMaster = ownsMaster,
                    Demoted = state.Demoted,
                };
            },
            cancellationToken);

    private async Task<StepOutcome<LeaveMasterState>> DetachAsync(
        StepContext context, LeaveMasterState state, CancellationToken cancellationToken)
    {
        var answer = await guests.AskAsync(
            context, context.Operation.InstanceId, new DetachReplicationSlave(reason), CommandLimits.WithRestart, cancellationToken);
        if (answer is GuestAnswer.Succeeded)
        {
            return NotYet(state with { Detached = true }, AtOnce);
        }

        return reason == DetachReason.Deleted && (answer is GuestAnswer.Failed || context.Elapsed > options.SilentAfter)
            ? NotYet(state with { SlaveIsSilent = true }, AtOnce)
            : answer.Then(state, _ => state);
    }

    private async Task<StepOutcome<LeaveMasterState>> ForgetAsync(
        StepContext context, LeaveMasterState state, string masterId, CancellationToken cancellationToken)
    {
        var answer = await guests.AskAsync(
            context, masterId, new ForgetReplicationSlave(context.Operation.InstanceId), Limit, cancellationToken);
        return answer is GuestAnswer.Succeeded ? NotYet(state with { Forgotten = true }, AtOnce) : answer.Then(state, _ => state);
    }

    private async Task<StepOutcome<LeaveMasterState>> ForgetLaterAsync(
        StepContext context, LeaveMasterState state, string masterId, CancellationToken cancellationToken)
    {
        await context.WriteAsync(
            unit => ForgetSlaveWorkflow.Start(unit, ids, masterId, context.Operation.InstanceId, context.Now), cancellationToken);
        return NotYet(state with { Forgotten = true }, AtOnce);
    }

    // The count and what this operation knows of it are one fact, so they are saved in one unit.
    private static async Task<StepOutcome<LeaveMasterState>> UncountAsync(
        StepContext context, LeaveMasterState state, string masterId, CancellationToken cancellationToken)
    {
        var after = await context.WriteAsync(
            unit =>
            {
                // Should this operation come to nothing from here on, upkeep demotes the master at that time.
                InstanceChanges.RemoveSlave(unit, context.Operation.InstanceId, masterId, context.Now + (long)Limit.TotalMilliseconds);
                var uncounted = state with
                {
                    Uncounted = true, WasLast = InstanceRows.Find(unit, masterId) is { SlaveCount: 0, DemoteAt: not null },
                };
                context.Remember(unit, uncounted);
                return uncounted;
            },
            cancellationToken);
        return NotYet(after, AtOnce);
    }

    private static async Task<StepOutcome<LeaveMasterState>> TakeMasterAsync(
        StepContext context, LeaveMasterState state, string masterId, CancellationToken cancellationToken)
    {
        var taken = await context.WriteAsync(
            unit => LockRows.TryShareToOwn(unit, masterId, context.Operation.Id), cancellationToken);
        return NotYet(state, taken ? AtOnce : Soon);
    }

    private async Task<StepOutcome<LeaveMasterState>> DemoteAsync(
        StepContext context, LeaveMasterState state, string masterId, CancellationToken cancellationToken)
    {
        var answer = await guests.AskAsync(context, masterId, new DemoteReplicationMaster(), CommandLimits.WithRestart, cancellationToken);
        if (answer is GuestAnswer.Failed { Fault.Kind: not FaultKind.Transient })
        {
            // The slave has left its master, which is what was asked for: the master's demotion is upkeep's from here on.
            return Done(state);
        }

        if (answer is not GuestAnswer.Succeeded)
        {
            return answer.Then(state, _ => state);
        }

        await context.WriteAsync(
            unit =>
            {
                InstanceChanges.ClearDemotion(unit, masterId);
                HistoryRows.Add(unit, new HistoryEntry
                {
                    Id = ids.NewId(),
                    InstanceId = masterId,
                    At = context.Now,
                    OperationId = context.Operation.Id,
                    Event = OperationKinds.DemoteMaster,
                    Step = "demote master",
                    Outcome = "done",
                    Detail = "The last slave is gone: the binary log is off, and nothing of replication is left.",
                });
            },
            cancellationToken);
        return NotYet(state with { Demoted = true }, AtOnce);
    }
}
