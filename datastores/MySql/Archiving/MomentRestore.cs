using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Backups;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Archiving;

/// <summary>Data as it was at a moment: from backups, and then by the log.</summary>
internal sealed class MomentRestore(
    Flavor flavor, DatastoreHost host, ServerLayout layout, MemberStore member, Restoration restoration, IRestoreSteps steps)
{
    private readonly LogReplay _replay = new(flavor, host, layout);

    public async Task<ReachedMoment> RestoreAsync(
        IReadOnlyList<StoredBackup> chain, IReadOnlyList<StoredLog> logs, RestoreTarget target, CancellationToken cancellationToken)
    {
        if (logs.Count == 0)
        {
            throw Faults.Precondition("There is no archived log behind the backup.");
        }

        await restoration.RestoreAsync(
            chain, folder => ReplayAsync(chain[^1], folder, logs, target, cancellationToken), cancellationToken);
        return member.Restored?.ToReached() ?? throw Faults.Precondition("This instance has data that was not restored to a moment.");
    }

    private async Task ReplayAsync(
        StoredBackup last, string folder, IReadOnlyList<StoredLog> logs, RestoreTarget target, CancellationToken cancellationToken)
    {
        OwnedFolder.Renew(layout.ChangedData, host.UserId);
        await _replay.AroundAsync(
            folder,
            layout.ChangedData,
            async (session, player) =>
            {
                var had = steps.Holds(last) ?? await flavor.Gtids.ReadStateAsync(session, cancellationToken);
                var replay = new MomentReplay(flavor, layout.ChangedData, session, player, had, target);

                // Before the data has its name: with data there, it is known how far it goes.
                member.Restored = RestoredMoment.Of(await replay.RunAsync(logs, cancellationToken));
            },
            cancellationToken);
        OwnedFolder.Remove(layout.ChangedData);
    }
}
