using System.Globalization;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>
/// MariaDB: what a Trove's own guest wrote with the same tool. Less is known of it before it is unpacked; the tool itself sees whether what
/// follows on another fits.
/// </summary>
internal sealed class TroveRestore(Flavor flavor, DatastoreHost host, ServerLayout layout, BackupTool tool)
    : MariaDbRestore(flavor, host, layout, tool)
{
    public override RestorePlan Plan(IReadOnlyList<StoredBackup> chain)
    {
        var documents = chain.Select(backup => TroveBackupDocument.Parse(backup.Document)).ToList();
        return documents.Count > 0 && documents[0].ParentLocation is null && documents.Skip(1).All(one => one.ParentLocation is not null)
            ? new RestorePlan(new Dictionary<string, string>(), Bytes: 0)
            : throw Faults.Precondition("The first backup of the chain, and no other, must be a full one.");
    }

    /// <summary>No log goes on from it.</summary>
    public override string? Holds(StoredBackup backup) => null;

    public override BackupPlace PlaceOf(IReadOnlyList<OpaqueDocument> chain) => new(Epoch: null, Has: null, Log: null, AgainBytes: 0);

    protected override void CheckUnpacked(StoredBackup backup, string folder)
    {
        var said = TroveBackupDocument.Parse(backup.Document).Lsn;
        var reached = ReachedIn(folder).ToString(CultureInfo.InvariantCulture);
        if (reached != said)
        {
            throw Faults.Permanent($"The backup ends at LSN {reached}, and beside it stands {said}: it is not the one that Trove took.");
        }
    }

    private static long ReachedIn(string folder)
    {
        try
        {
            return BackupFacts.Read(folder).ToLsn;
        }
        catch (DatastoreException e)
        {
            throw Faults.Permanent($"What was unpacked is no backup of this tool. {e.Message}", e);
        }
    }
}
