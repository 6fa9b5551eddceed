using System.Text.Json;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Command = Dbaas.GuestProtocol.Commands.CreateBackup;

namespace Dbaas.TaskManager.Operations.CreateBackup;

/// <summary>
/// The instance's agent writes the data into the store, while the instance serves. Whatever takes the instance, or stops its database,
/// ends it.
/// </summary>
internal sealed class WriteData(GuestCommands guests, StoredObjects objects, BackupOptions options, GuestOptions silence)
    : Step<CreateBackupState>
{
    private const int MostTries = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromHours(24);
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
    private static readonly string Kind = GuestCommand.NameOf(typeof(Command));

    public override string Name => "write data";

    public override TimeSpan TimeLimit => Limit;

    public override async Task<StepOutcome<CreateBackupState>> EnsureAsync(
        StepContext context, CreateBackupState state, CancellationToken cancellationToken)
    {
        var operation = context.Operation;
        var (backup, parent, instance, guest) = await context.ReadAsync(
            unit =>
            {
                var row = BackupRows.Find(unit, operation.Subject.Id)!;
                return (row, row.ParentId is { } before ? BackupRows.Find(unit, before) : null,
                    InstanceRows.Find(unit, ServerOf(operation, state)), GuestRows.Find(unit, ServerOf(operation, state)));
            },
            cancellationToken);
        if (WhyNot(context, state, instance, guest) is { } why)
        {
            return await FailedAsync(context, state, parent, why, cancellationToken);
        }

        if (backup.State != BackupState.Saving)
        {
            await context.WriteAsync(
                unit => BackupChanges.SetState(unit, backup.Id, BackupState.Saving, context.Now), cancellationToken);
        }

        var command = new Command
        {
            BackupId = backup.Id,
            Parent = parent is null ? null : JsonSerializer.Deserialize<OpaqueDocument>(parent.Document!, ProtocolJson.Options),
            Recipients = backup.Recipients.Split(' '),
            PartBytes = options.PartBytes,
            BytesPerSecond = options.BytesPerSecond,
            Behind = state.Behind,
        };
        return await guests.AskAsync(context, instance!.Id, command, Limit, cancellationToken) switch
        {
            GuestAnswer.Succeeded done => Done(state with { Made = done.Read<BackupMade>() }),
            GuestAnswer.Failed { Fault: { Kind: FaultKind.Transient } fault } when operation.Attempts + 1 >= MostTries =>
                await FailedAsync(context, state, parent, fault.Message, cancellationToken),
            GuestAnswer.Failed { Fault: { Kind: not FaultKind.Transient } fault } =>
                await FailedAsync(context, state, parent, fault.Message, cancellationToken),
            var answer => answer.Then(state, _ => state),
        };
    }

    public override async Task<UndoOutcome> UndoAsync(StepContext context, CreateBackupState state, CancellationToken cancellationToken)
    {
        var operation = context.Operation;
        var (backup, open, isAnswering) = await context.ReadAsync(
            unit => (
                BackupRows.Find(unit, operation.Subject.Id)!,
                GuestCommands.OpenQuestion(unit, operation, ServerOf(operation, state), Kind),
                silence.IsAnswering(GuestRows.Find(unit, ServerOf(operation, state)))),
            cancellationToken);
        if (open is not null && isAnswering && context.Elapsed < EndWithin)
        {
            // What an agent still writes is not in the way of anybody, but nobody wants it.
            var command = new CancelJob(open, operation.Fault ?? "the backup was given up.");
            if (await guests.AskAsync(context, ServerOf(operation, state), command, EndWithin, cancellationToken) is GuestAnswer.Waiting)
            {
                return new UndoOutcome.NotYet(LookAgain);
            }
        }

        // From here on the agent is given no address any more.
        await context.WriteAsync(unit => CommandRows.Withdraw(unit, operation.Id, ServerOf(operation, state)), cancellationToken);
        await objects.DeleteAllAsync(backup.Place, state.Made?.Objects, cancellationToken);
        return new UndoOutcome.Done();
    }

    private static string ServerOf(Operation operation, CreateBackupState state) => state.TakenOn ?? operation.InstanceId;

    /// <summary>What a slave cannot do, the instance itself may; but not what follows on a backup of the slave's.</summary>
    private static async Task<StepOutcome<CreateBackupState>> FailedAsync(
        StepContext context, CreateBackupState state, Backup? parent, string why, CancellationToken cancellationToken)
    {
        if (state.TakenOn is not { } slave || parent is not null)
        {
            return Failed(why);
        }

        var later = state with { TakenOn = null, Behind = null };
        await context.WriteAsync(
            unit =>
            {
                CommandRows.Withdraw(unit, context.Operation.Id, slave);
                BackupChanges.TakeOnInstance(unit, context.Operation.Subject.Id, slave);
                context.Remember(unit, later);
            },
            cancellationToken);
        return Moved(later);
    }

    // Whoever follows the instance now, followed it all the time: what left it is a server on its own.
    private string? WhyNot(StepContext context, CreateBackupState state, Instance? instance, GuestState? guest) => (instance, guest) switch
    {
        ({ } slave, _) when state.TakenOn is not null && slave.SlaveOfId != context.Operation.InstanceId =>
            $"The slave {slave.Name} does not follow the instance any more.",
        (null or { Deleted: true }, _) => "The instance was deleted.",
        ({ Lifecycle: not Lifecycle.Ready }, _) => $"The instance {instance.Name} is in ERROR.",
        (_, { } heard) when heard.SilentFor > silence.GivenUpAfter =>
            $"The instance {instance.Name} has not answered for {heard.SilentFor.TotalSeconds:0} seconds.",
        _ => null,
    };
}
