using Dbaas.Domain.Backups;
using Dbaas.Domain.Instances;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Command = Dbaas.GuestProtocol.Commands.CreateBackup;

namespace Dbaas.TaskManager.Operations.CreateBackup;

/// <summary>
/// A slave takes it where there is one that keeps up, from the position on that the instance itself has now: so all is in it that was
/// committed before. What follows on a backup is taken where that was.
/// </summary>
internal sealed class ChooseServer(GuestCommands guests, BackupOptions options, GuestOptions silence) : Step<CreateBackupState>
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    public override string Name => "choose server";

    public override async Task<StepOutcome<CreateBackupState>> EnsureAsync(
        StepContext context, CreateBackupState state, CancellationToken cancellationToken)
    {
        var operation = context.Operation;
        var (backup, parent, chosen) = await context.ReadAsync(unit => Look(unit, operation.Subject.Id, context.Now), cancellationToken);
        if (backup.TakenOn is null)
        {
            if (parent?.TakenOn is not null && chosen is null)
            {
                return Failed($"The backup that it follows on was taken on the slave {parent.TakenOn}, where none can be taken now: "
                    + "take a full one.");
            }

            if (chosen is null || !await context.WriteAsync(unit => BackupChanges.TryTakeOn(unit, backup.Id, chosen), cancellationToken))
            {
                return parent?.TakenOn is null ? Done(state) : Again("The slave that it is taken on is busy.");
            }
        }

        var slave = backup.TakenOn ?? chosen!;
        switch (await guests.AskAsync(context, operation.InstanceId, new GetPosition(), AnswerWithin, cancellationToken))
        {
            case GuestAnswer.Succeeded told:
                return Done(state with { TakenOn = slave, Behind = told.Read<PositionTold>().Position });
            case GuestAnswer.Waiting when context.Elapsed < AnswerWithin:
                return NotYet(state, LookAgain);
            case var answer when parent?.TakenOn is not null:
                return answer.Then(state, _ => state);
            default:
                await context.WriteAsync(unit => BackupChanges.TakeOnInstance(unit, backup.Id, slave), cancellationToken);
                return Done(state);
        }
    }

    public override async Task<UndoOutcome> UndoAsync(StepContext context, CreateBackupState state, CancellationToken cancellationToken)
    {
        var id = context.Operation.Subject.Id;
        await context.WriteAsync(
            unit =>
            {
                if (BackupRows.Find(unit, id)?.TakenOn is { } slave)
                {
                    BackupChanges.End(unit, slave, id);
                }
            },
            cancellationToken);
        return new UndoOutcome.Done();
    }

    private (Backup Backup, Backup? Parent, string? Chosen) Look(IUnit unit, string id, long now)
    {
        var backup = BackupRows.Find(unit, id)!;
        var parent = backup.ParentId is { } before ? BackupRows.Find(unit, before) : null;
        var isOwnServers = parent is null ? !options.PreferSlaves : parent.TakenOn is null;
        if (isOwnServers || InstanceRows.Find(unit, backup.InstanceId) is not { } instance)
        {
            return (backup, parent, null);
        }

        var slaves = InstanceRows.SlavesOf(unit, instance.Id).Select(slave => See(unit, slave)).ToList();
        return (backup, parent, parent is null
            ? BackupServers.Choose(instance, slaves)
            : slaves.FirstOrDefault(seen => seen.Slave.Id == parent.TakenOn && BackupServers.IsFit(instance, seen))?.Slave.Id);
    }

    private SlaveSeen See(IUnit unit, Instance slave)
    {
        var (guest, agent) = (GuestRows.Find(unit, slave.Id), GuestRows.FindAgent(unit, slave.Id));
        return new SlaveSeen(
            slave,
            guest,
            silence.IsAnswering(guest),
            agent is not null && agent.Capabilities.Contains("backups", StringComparison.Ordinal)
                && GuestCommand.WhyNotBy(typeof(Command), agent.Protocol) is null
                && GuestCommand.WhyNotBy(typeof(GetPosition), agent.Protocol) is null);
    }
}
