using Dbaas.Domain.Backups;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.CreateSlave;

/// <summary>Backups of a master that the data of its new slave could be made from.</summary>
internal static class Candidates
{
    /// <summary>The older one is, the more would have to be done again.</summary>
    private const int Most = 3;

    private static readonly int LoadSince = GuestCommand.SinceVersion(GuestCommand.NameOf(typeof(LoadReplicationSnapshot)));

    /// <summary>The newest first; none for a slave whose agent cannot.</summary>
    public static IReadOnlyList<BackupCandidate> Find(IUnit unit, string masterId, string slaveId) =>
        GuestRows.FindAgent(unit, slaveId) is { } agent && agent.Protocol >= LoadSince
            ?
            [
                .. BackupRows.Of(unit, masterId).Where(IsReadable).Reverse().Take(Most)
                    .Select(backup => BackupRows.Chain(unit, backup.Id))
                    .Where(chain => chain.All(IsReadable))
                    .Select(chain => new BackupCandidate(chain[^1].Id, [.. chain.Select(StoredChain.DocumentOf)])),
            ]
            : [];

    /// <summary>Nobody deletes the backup that its master has chosen, nor those that it follows on, until the operation ends.</summary>
    /// <returns>False: it is none of this master's, or somebody deletes one of them.</returns>
    public static async Task<bool> TryShareAsync(
        StepContext context, string masterId, string backupId, CancellationToken cancellationToken)
    {
        var chain = await context.ReadAsync(unit => BackupRows.Chain(unit, backupId), cancellationToken);
        return chain is [.., var chosen] && chain.All(IsReadable) && chosen.InstanceId == masterId
            && await context.WriteAsync(unit => TryShare(unit, chain, context.Operation.Id), cancellationToken);
    }

    /// <summary>They are not needed any more.</summary>
    public static void Release(IUnit unit, IReadOnlyList<Backup> chain, string operationId)
    {
        foreach (var backup in chain)
        {
            LockRows.Release(unit, Subject.Backup(backup.Id), operationId);
        }
    }

    /// <summary>
    /// What is sealed for the project's own key only the project opens; and what did not pass its verification is no slave's data.
    /// </summary>
    private static bool IsReadable(Backup backup) =>
        backup is { State: BackupState.Completed, OwnKey: false, VerifiedFault: null };

    private static bool TryShare(IUnit unit, IReadOnlyList<Backup> chain, string operationId)
    {
        var areShared = chain.All(backup =>
            LockRows.Mode(unit, backup.Id, operationId) != LockMode.Unknown
            || LockRows.TryShare(unit, Subject.Backup(backup.Id), operationId));
        if (!areShared)
        {
            Release(unit, chain, operationId);
        }

        return areShared;
    }
}
