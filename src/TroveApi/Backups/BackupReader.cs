using Dbaas.Domain.Backups;
using Dbaas.Domain.Guests;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Backups;

/// <summary>Reads what is shown of backups.</summary>
internal static class BackupReader
{
    /// <summary>One backup that the caller may see.</summary>
    /// <exception cref="FaultException">There is none.</exception>
    public static Backup Find(IUnit unit, ApiRequest request, string id) =>
        BackupRows.Find(unit, id) is { Deleted: false } backup && (backup.TenantId == request.Tenant || request.IsAdmin)
            ? backup
            : throw FaultException.NoSuch(id);

    public static IReadOnlyList<BackupFacts> Load(IUnit unit, IReadOnlyList<Backup> backups)
    {
        var versions = CatalogRows.Versions(unit).ToDictionary(version => version.Id);
        var working = backups.Select(WorksFor).OfType<string>().Distinct();
        var jobs = GuestRows.Find(unit, [.. working])
            .ToDictionary(guest => guest.InstanceId, guest => guest.Jobs);
        var schedules = ScheduleRows.Find(unit, [.. backups.Select(backup => backup.ScheduleId).OfType<string>().Distinct()]);
        return
        [
            .. backups.Select(backup => new BackupFacts(
                backup,
                versions.GetValueOrDefault(backup.DatastoreVersionId),
                WorksFor(backup) is { } instance ? Progress(backup, jobs.GetValueOrDefault(instance)) : null,
                backup.ScheduleId is { } schedule ? schedules.GetValueOrDefault(schedule) : null)),
        ];
    }

    /// <summary>The instance whose agent writes it, or reads it to verify it; null: none does.</summary>
    private static string? WorksFor(Backup backup) => backup.State == BackupState.Saving
        ? backup.TakenOn ?? backup.InstanceId
        : backup.VerifierId;

    private static JobProgress? Progress(Backup backup, string? jobs) =>
        backup.VerifierId is null ? OperationProgress.Find(jobs, backup.LockOwner) : OperationProgress.Any(jobs);
}
