using Dbaas.Cloud.Ports;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.ArchiveLog;

/// <summary>Each archived log has the project's own key, or one that is made for it.</summary>
internal sealed class MakeLogKey(IKeyMaker keys, BackupOptions options) : Step<ArchiveLogState>
{
    public override string Name => "make key";

    public override async Task<StepOutcome<ArchiveLogState>> EnsureAsync(
        StepContext context, ArchiveLogState state, CancellationToken cancellationToken)
    {
        var id = context.Operation.Subject.Id;
        var (log, own) = await context.ReadAsync(
            unit =>
            {
                var row = ArchivedLogRows.Find(unit, id)!;
                return (row, ProjectKeyRows.Find(unit, row.TenantId));
            },
            cancellationToken);
        if (log.Recipients.Length == 0)
        {
            var (recipients, identity) = await options.SealAsync(own, keys, cancellationToken);
            await context.WriteAsync(unit => ArchivedLogChanges.SetKeys(unit, id, recipients, identity), cancellationToken);
        }

        return Done(state);
    }
}
