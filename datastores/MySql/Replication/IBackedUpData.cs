using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>The data of a slave from a backup of its master's.</summary>
internal interface IBackedUpData
{
    /// <summary>Master: one that the log goes on from, in the same period, if that is the cheaper way. Null: there is none.</summary>
    Task<ChosenBackup?> ChooseAsync(
        IReadOnlyList<BackupCandidate> candidates, long datasetBytes, CancellationToken cancellationToken);

    /// <summary>Slave: fills the folder for new data, ready for a server to start on it.</summary>
    /// <returns>The exact position of the data.</returns>
    Task<string> LoadAsync(IReadOnlyList<StoredBackup> chain, CancellationToken cancellationToken);
}

/// <summary>A backup that a slave can go on from.</summary>
/// <param name="BackupId">The backup.</param>
/// <param name="Position">All that is in it, and where the log stood.</param>
internal sealed record ChosenBackup(string BackupId, LogPosition Position);
