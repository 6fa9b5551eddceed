using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.ArchiveLog;

/// <summary>
/// What counts was told. Of a log of which nothing counts, nothing is left; an object of another that was stored and not told goes with
/// that.
/// </summary>
internal sealed class CloseLog(StoredObjects objects) : Step<ArchiveLogState>
{
    public override string Name => "close log";

    public override async Task<StepOutcome<ArchiveLogState>> EnsureAsync(
        StepContext context, ArchiveLogState state, CancellationToken cancellationToken)
    {
        var log = await context.ReadAsync(unit => ArchivedLogRows.Find(unit, context.Operation.Subject.Id)!, cancellationToken);
        if (await context.WriteAsync(unit => ArchivedLogChanges.TryGiveUp(unit, log.Id), cancellationToken))
        {
            await objects.DeleteAllAsync(log.Place, known: null, cancellationToken);
        }

        return Done(state);
    }
}
