using System.Text.Json;
using Dbaas.Domain.Backups;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.Building;

namespace Dbaas.TaskManager.Operations.RestoreInstance;

/// <summary>The instance's agent makes its data from the backups, which the operation shares: nobody can delete them meanwhile.</summary>
internal sealed class RestoreData(GuestCommands guests) : Step<BuildState>
{
    private const int MostTries = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromHours(24);

    public override string Name => "restore data";

    public override TimeSpan TimeLimit => Limit;

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var backupId = RestoreInstanceWorkflow.GoalOf(context.Operation).BackupId;
        var (chain, identity) = await context.ReadAsync(
            unit => (BackupRows.Chain(unit, backupId), BackupRows.Identity(unit, backupId)), cancellationToken);
        var command = new RestoreBackup { Chain = [.. chain.Select(ToLink)], Identity = identity ?? "" };
        return await guests.AskAsync(context, context.Operation.InstanceId, command, Limit, cancellationToken) switch
        {
            GuestAnswer.Failed { Fault: { Kind: FaultKind.Transient } fault } when context.Operation.Attempts + 1 >= MostTries =>
                Failed(fault.Message),
            var answer => answer.Then(state, _ => state),
        };
    }

    private static BackupLink ToLink(Backup backup) => new(
        backup.Id,
        JsonSerializer.Deserialize<OpaqueDocument>(backup.Document!, ProtocolJson.Options)!,
        JsonSerializer.Deserialize<ObjectList>(backup.Objects!, ProtocolJson.Options)!);
}
