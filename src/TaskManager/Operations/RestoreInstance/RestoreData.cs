using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.Domain.Archives;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.Building;

namespace Dbaas.TaskManager.Operations.RestoreInstance;

/// <summary>The instance's agent makes its data from the backups, which the operation shares: nobody can delete them meanwhile.</summary>
/// <param name="guests">Asks the agent.</param>
/// <param name="keys">Knows keys.</param>
/// <param name="isToVerify">That the backups are not what they should be is what was to be found out, and no failure.</param>
internal sealed class RestoreData(GuestCommands guests, IKeyMaker keys, bool isToVerify = false) : Step<BuildState>
{
    private const int MostTries = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromHours(24);

    public override string Name => "restore data";

    public override TimeSpan TimeLimit => Limit;

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var goal = RestoreInstanceWorkflow.GoalOf(context.Operation);
        if (await WhyNotAsync(context, goal, cancellationToken) is { } why)
        {
            return Failed(why);
        }

        var command = await context.ReadAsync(unit => ToCommand(unit, goal), cancellationToken);
        return await guests.AskAsync(context, context.Operation.InstanceId, command, Limit, cancellationToken) switch
        {
            GuestAnswer.Failed { Fault: { Kind: FaultKind.Transient } fault } when context.Operation.Attempts + 1 >= MostTries =>
                Failed(fault.Message),
            GuestAnswer.Failed { Fault: { Kind: FaultKind.Permanent } fault } when isToVerify =>
                Done(state with { Damage = fault.Message }),
            var answer => answer.Then(
                state, done => goal.Moment is null ? state : state with { Reached = done.Read<MomentReached>() }),
        };
    }

    /// <summary>A key that opens nothing is told at once, and not after what it does not open was fetched.</summary>
    private async Task<string?> WhyNotAsync(StepContext context, RestoreInstanceGoal goal, CancellationToken cancellationToken)
    {
        if (goal.PrivateKey is null)
        {
            return null;
        }

        var needed = await context.ReadAsync(unit => OwnRecipients(unit, goal), cancellationToken);
        var given = await keys.RecipientsOfAsync(goal.PrivateKey, cancellationToken);
        return needed.Except(given).FirstOrDefault() is { } missing
            ? $"The private key that was given does not belong to {missing}, which the data was encrypted for."
            : null;
    }

    private static List<string> OwnRecipients(IUnit unit, RestoreInstanceGoal goal) =>
    [
        .. BackupRows.Chain(unit, goal.BackupId).Where(backup => backup.OwnKey).Select(backup => backup.Recipients),
        .. (goal.Moment?.LogIds ?? []).Select(id => ArchivedLogRows.Find(unit, id)!).Where(log => log.OwnKey).Select(log => log.Recipients),
    ];

    private static GuestCommand ToCommand(IUnit unit, RestoreInstanceGoal goal)
    {
        var chain = StoredChain.Read(unit, goal.BackupId, goal.PrivateKey);
        return goal.Moment is not { } moment
            ? new RestoreBackup { Chain = chain.Links, Identity = chain.Identity }
            : new RestoreMoment
            {
                Chain = chain.Links,
                Identity = chain.Identity,
                Logs = ToLogs(unit, moment, goal.PrivateKey),
                Time = moment.Until is { } until ? Micros.ToMoment(until) : null,
                Transaction = moment.Transaction,
            };
    }

    /// <summary>No more than what is needed: behind the first part that ends later than the moment nothing is.</summary>
    private static List<LogLink> ToLogs(IUnit unit, MomentGoal moment, string? privateKey)
    {
        var links = new List<LogLink>();
        foreach (var id in moment.LogIds)
        {
            var log = ArchivedLogRows.Find(unit, id)!;
            var parts = ArchivedLogRows.Parts(unit, id);
            var last = parts.FirstOrDefault(part => part.Committed > moment.Until)?.Number;
            var isAll = last is null || last == parts.Count - 1;
            links.Add(new LogLink(
                id,
                Document(log.FromPlace!),
                isAll ? Document(log.ReachedPlace!) : null,
                log.Run!,
                (log.OwnKey ? privateKey : ArchivedLogRows.Identity(unit, id)) ?? "",
                [.. parts.TakeWhile(part => last is null || part.Number <= last).Select(part => new LogPart(part.Size, part.Sha256))]));
            if (last is not null)
            {
                break;
            }
        }

        return links;
    }

    private static OpaqueDocument Document(string json) => JsonSerializer.Deserialize<OpaqueDocument>(json, ProtocolJson.Options)!;
}
