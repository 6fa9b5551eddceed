using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.DeleteLog;

/// <summary>Its objects.</summary>
internal sealed class RemoveLog(StoredObjects objects) : Step<DeleteLogState>
{
    public override string Name => "remove objects";

    public override TimeSpan TimeLimit => TimeSpan.FromHours(1);

    public override async Task<StepOutcome<DeleteLogState>> EnsureAsync(
        StepContext context, DeleteLogState state, CancellationToken cancellationToken)
    {
        var log = await context.ReadAsync(unit => ArchivedLogRows.Find(unit, context.Operation.Subject.Id)!, cancellationToken);
        var known = log.Run is { } run ? new ObjectList(run, log.Parts, log.StoredBytes, "") : null;
        await objects.DeleteAllAsync(log.Place, known, cancellationToken);
        return Done(state);
    }
}
