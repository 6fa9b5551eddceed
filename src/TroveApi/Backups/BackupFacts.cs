using Dbaas.Domain.Backups;
using Dbaas.Domain.Backups.Schedules;
using Dbaas.Domain.Catalog;
using Dbaas.Domain.Guests;

namespace Dbaas.TroveApi.Backups;

/// <summary>What is shown of a backup.</summary>
/// <param name="Backup">Its row.</param>
/// <param name="Version">What its instance ran; null: not known any more.</param>
/// <param name="Progress">While its data is written, or read to verify it; null: not known.</param>
/// <param name="Schedule">What took it; null: nothing did, or it is gone.</param>
internal sealed record BackupFacts(Backup Backup, DatastoreVersion? Version, JobProgress? Progress, BackupSchedule? Schedule);
