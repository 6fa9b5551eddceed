using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>What must hold of backups that are restored one upon the other.</summary>
internal static class BackupChain
{
    /// <exception cref="Contract.DatastoreException">Precondition: it does not hold.</exception>
    public static void Check(IReadOnlyList<BackupDocument> chain, ServerSettings settings)
    {
        if (chain.Count == 0 || chain[0].FromLsn != 0)
        {
            throw Faults.Precondition("The first backup of the chain is not a full one.");
        }

        foreach (var (before, after) in chain.Zip(chain.Skip(1)))
        {
            if (after.DataId != before.DataId || after.FromLsn != before.ToLsn)
            {
                throw Faults.Precondition("A backup of the chain does not follow on the one before it.");
            }
        }

        DataShape.Check(chain[^1].Shape, settings, "The backup's");
    }
}
