using System.Text.Json;
using Dbaas.Domain;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
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
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan IsStillThere = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    // A master that does not get done what it is asked for keeps nobody: the rest is for operations that can wait for it.
    private static readonly TimeSpan PatienceToForget = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PatienceToDemote = TimeSpan.FromMinutes(18);

    public override string Name => reason == DetachReason.Deleted ? "leave master" : "detach from master";

    // Two of its commands may restart a database.
    public override TimeSpan TimeLimit => TimeSpan.FromMinutes(20);

    /// <summary>From the moment on in which the slave may have been asked: what it has done is to be written down.</summary>
    public override bool HasNoWayBack(LeaveMasterState state) => state.Asked;

    public override async Task<StepOutcome<LeaveMasterState>> EnsureAsync(
        StepContext context, LeaveMasterState state, CancellationToken cancellationToken)
    {
        if (MasterOf(context.Operation) is not { } masterId)
        {
            return Done(state);
        }

        if (!state.Asked)
        {
            return await BeginAsync(context, state, masterId, cancellationToken);
        }

        return LeaveMaster.Next(await LookAsync(context, state, masterId, cancellationToken)) switch
        {
            LeaveMasterMove.DetachSlave => await DetachAsync(context, state, cancellationToken),
            LeaveMasterMove.ForgetSlave => await ForgetAsync(context, state, masterId, cancellationToken),
            LeaveMasterMove.ForgetLater => await ForgetLaterAsync(context, state, masterId, cancellationToken),
            LeaveMasterMove.Uncount => await UncountAsync(context, state, masterId, cancellationToken),
            LeaveMasterMove.TakeMaster => await TakeMasterAsync(context, state, masterId, cancellationToken),
            LeaveMasterMove.DemoteMaster => await DemoteAsync(context, state, masterId, cancellationToken),
            LeaveMasterMove.Finished => await FinishAsync(context, state, masterId, cancellationToken),
            var move => throw new InvalidOperationException($"No such move: {move}."),
        };
    }

    /// <summary>
    /// The slave has stopped following, and nothing more can be done here: its row says so, and others see to its master.
    /// </summary>
    public static void Leave(IUnit unit, IIdSource ids, Operation operation, LeaveMasterState state, long now)
    {
        if (MasterOf(operation) is not { } masterId || state.Uncounted)
        {
            return;
        }

        if (!state.Forgotten)
        {
            ForgetSlaveWorkflow.Start(unit, ids, masterId, operation.InstanceId, now);
        }

        InstanceChanges.RemoveSlave(unit, operation.InstanceId, masterId, now + (long)Limit.TotalMilliseconds);
    }

    private static string? MasterOf(Operation operation) =>
        JsonSerializer.Deserialize<LeaveMasterGoal>(operation.Goal!, JsonSerializerOptions.Web)!.MasterId;

    // A slave can be deleted while its master is busy with something else: without a share in it, what is to be done there waits for it.
    private async Task<StepOutcome<LeaveMasterState>> BeginAsync(
        StepContext context, LeaveMasterState state, string masterId, CancellationToken cancellationToken)
    {
        if (reason == DetachReason.Deleted)
        {
            await context.WriteAsync(
                unit => LockRows.Mode(unit, masterId, context.Operation.Id) != LockMode.Unknown
                    || LockRows.TryShare(unit, Subject.Instance(masterId), context.Operation.Id),
                cancellationToken);
        }

        return Moved(state with { Asked = true });
    }

    // Nothing is left to do at the master: whoever else waits for it need not wait for the rest of this operation.
    private static async Task<StepOutcome<LeaveMasterState>> FinishAsync(
        StepContext context, LeaveMasterState state, string masterId, CancellationToken cancellationToken)
    {
        await context.WriteAsync(unit => LockRows.Release(unit, Subject.Instance(masterId), context.Operation.Id), cancellationToken);
        return Done(state);
    }

    private Task<LeaveMasterSeen> LookAsync(
        StepContext context, LeaveMasterState state, string masterId, CancellationToken cancellationToken) =>
        context.ReadAsync(
            unit =>
            {
                var id = context.Operation.InstanceId;
                var slave = InstanceRows.Find(unit, id);
                var master = InstanceRows.Find(unit, masterId);
                var hold = LockRows.Mode(unit, masterId, context.Operation.Id);
                var ownsMaster = hold == LockMode.Own;
                return new LeaveMasterSeen
                {
                    HasMaster = slave?.SlaveOfId is not null,
                    SlaveIsDeleted = reason == DetachReason.Deleted,
                    SlaveAnswers = !state.SlaveIsSilent && options.IsAnswering(GuestRows.Find(unit, id)),
                    Detached = state.Detached,
                    MasterAnswers = hold != LockMode.Unknown && context.Elapsed < (state.Forgotten ? PatienceToDemote : PatienceToForget)
                        && master is { Deleted: false, Lifecycle: Lifecycle.Ready }
                        && GuestRows.Find(unit, masterId) is { } heard && options.IsAnswering(heard)
                        && (ownsMaster || heard.ServerState == "Healthy"),
                    Forgotten = state.Forgotten,
                    Uncounted = state.Uncounted,
                    // One that could not forget the slave yet refuses to be demoted: upkeep sees to it when it has.
                    MasterHasNoSlave = state is { WasLast: true, ForgetsLater: false }
                        && master is { SlaveCount: 0, BinaryLog: BinaryLogChoice.WhenReplicating },
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
            return Moved(state with { Detached = true });
        }

        return reason == DetachReason.Deleted && (answer is GuestAnswer.Failed || context.Elapsed > options.SilentAfter)
            ? Moved(state with { SlaveIsSilent = true })
            : answer.Then(state, _ => state, IsStillThere);
    }

    private async Task<StepOutcome<LeaveMasterState>> ForgetAsync(
        StepContext context, LeaveMasterState state, string masterId, CancellationToken cancellationToken)
    {
        var answer = await guests.AskAsync(
            context, masterId, new ForgetReplicationSlave(context.Operation.InstanceId), Limit, cancellationToken);
        return answer switch
        {
            GuestAnswer.Succeeded => Moved(state with { Forgotten = true }),

            // The slave does not stay one because its master keeps something of it.
            GuestAnswer.Failed { Fault.Kind: not FaultKind.Transient } =>
                await ForgetLaterAsync(context, state, masterId, cancellationToken),
            _ => answer.Then(state, _ => state, IsStillThere),
        };
    }

    private async Task<StepOutcome<LeaveMasterState>> ForgetLaterAsync(
        StepContext context, LeaveMasterState state, string masterId, CancellationToken cancellationToken)
    {
        await context.WriteAsync(
            unit => ForgetSlaveWorkflow.Start(unit, ids, masterId, context.Operation.InstanceId, context.Now), cancellationToken);
        return Moved(state with { Forgotten = true, ForgetsLater = true });
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
        return Moved(after);
    }

    private static async Task<StepOutcome<LeaveMasterState>> TakeMasterAsync(
        StepContext context, LeaveMasterState state, string masterId, CancellationToken cancellationToken)
    {
        var taken = await context.WriteAsync(
            unit => LockRows.TryShareToOwn(unit, masterId, context.Operation.Id), cancellationToken);
        return taken ? Moved(state) : NotYet(state, Soon);
    }

    private async Task<StepOutcome<LeaveMasterState>> DemoteAsync(
        StepContext context, LeaveMasterState state, string masterId, CancellationToken cancellationToken)
    {
        var answer = await guests.AskAsync(context, masterId, new DemoteReplicationMaster(), CommandLimits.WithRestart, cancellationToken);
        if (answer is GuestAnswer.Failed { Fault.Kind: not FaultKind.Transient })
        {
            // The slave has left its master, which is what was asked for: the master's demotion is upkeep's from here on.
            return await FinishAsync(context, state, masterId, cancellationToken);
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
        return Moved(state with { Demoted = true });
    }
}
