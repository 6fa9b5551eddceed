using Dbaas.Cloud.Ports;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.ArchiveLog;

/// <summary>Each archived log has a key of its own.</summary>
internal sealed class MakeLogKey(IKeyMaker keys, BackupOptions options) : Step<ArchiveLogState>
{
    public override string Name => "make key";

    public override async Task<StepOutcome<ArchiveLogState>> EnsureAsync(
        StepContext context, ArchiveLogState state, CancellationToken cancellationToken)
    {
        var id = context.Operation.Subject.Id;
        if (await context.ReadAsync(unit => ArchivedLogRows.Find(unit, id)!.Recipients.Length == 0, cancellationToken))
        {
            var (recipients, identity) = options.Seal(await keys.MakeAsync(cancellationToken));
            await context.WriteAsync(unit => ArchivedLogChanges.SetKeys(unit, id, recipients, identity), cancellationToken);
        }

        return Done(state);
    }
}
