using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>Where a log goes on from the data of a chain of backups.</summary>
/// <param name="Epoch">The log's period; null: it was off, or the data was of none yet.</param>
/// <param name="Has">All transactions that are in it for sure, by server; null: an earlier version did not say it.</param>
/// <param name="Log">Where the log stood when the last of them was begun; null: an earlier version did not say it.</param>
/// <param name="AgainBytes">How much of a log the making of the data does again by itself.</param>
internal sealed record BackupPlace(string? Epoch, string? Has, LogPosition? Log, long AgainBytes);
