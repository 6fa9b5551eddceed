using System.Text.Json;
using Dbaas.Domain;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Domain.Quotas;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Operations.VerifyBackup;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>
/// Begins the verification of backups that wait for it, as many at once as the operator says: that is the quota of the project that hidden
/// instances are of, so the unit that begins one decides it. And what is left of one that is over goes.
/// </summary>
public sealed class Verifications(
    IDatabase database, ControlSignals signals, BackupOptions options, IIdSource ids, TimeProvider time) : IUpkeep
{
    private const int MostAtOnce = 20;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WithoutAny = TimeSpan.FromSeconds(15);

    /// <summary>A deletion that failed is asked for again after so long.</summary>
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromMinutes(1);

    private TimeSpan pause = WithoutAny;

    /// <inheritdoc />
    public TimeSpan Every => pause;

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var (due, isAnyWaiting, left) = await database.ReadAsync(
            unit => (
                VerificationRows.Due(unit, MostAtOnce),
                VerificationRows.AnyWaiting(unit),
                VerificationRows.Left(unit).Where(id => IsForgotten(unit, id, now)).ToList()),
            cancellationToken);
        pause = isAnyWaiting ? Soon : WithoutAny;
        foreach (var instanceId in left)
        {
            await database.WriteAsync(unit => VerifierRemoval.Begin(unit, instanceId, ids, now), cancellationToken);
            signals.OperationIsDue();
        }

        foreach (var backupId in options.VerifyAtOnce > 0 ? due : [])
        {
            if (await BeginAsync(backupId, now, cancellationToken) == VerificationStart.NoRoom)
            {
                return;
            }
        }
    }

    // Several that delete the same one do no harm: each that comes late finds nothing left to do.
    private static bool IsForgotten(IUnit unit, string instanceId, long now) =>
        OperationRows.Active(unit, instanceId).Count == 0
        && Math.Abs(now - (InstanceRows.Find(unit, instanceId)!.FaultAt ?? 0)) > (long)PauseAfterFault.TotalMilliseconds;

    private async Task<VerificationStart> BeginAsync(string backupId, long now, CancellationToken cancellationToken)
    {
        var (operationId, instanceId, historyId) = (ids.NewId(), ids.NewId(), ids.NewId());
        var (chain, verifier, why) = await database.ReadAsync(unit => Plan(unit, backupId, instanceId, now), cancellationToken);
        if (chain[^1].OwnKey)
        {
            await database.WriteAsync(unit => VerificationRows.Decline(unit, backupId, Verifier.WhyNotWithOwnKey, now), cancellationToken);
            return VerificationStart.Changed;
        }

        if (verifier is null)
        {
            await database.WriteAsync(
                unit => VerificationRows.PutOff(unit, backupId, VerificationState.Waiting, why, now), cancellationToken);
            return VerificationStart.Changed;
        }

        var start = await database.WriteIfAsync(
            unit => Begin(unit, chain, verifier, operationId, historyId), one => one == VerificationStart.Begun, cancellationToken);
        if (start == VerificationStart.Begun)
        {
            signals.OperationIsDue();
        }

        return start;
    }

    private static (IReadOnlyList<Backup> Chain, Instance? Verifier, string Why) Plan(
        IUnit unit, string backupId, string instanceId, long now)
    {
        var chain = BackupRows.Chain(unit, backupId);
        var (source, version) = (SourceOf(unit, chain[^1]), CatalogRows.Version(unit, chain[^1].DatastoreVersionId));
        if (version is null || source is null)
        {
            return (chain, null, "The datastore version, or the instance, that it was taken of is not known here any more.");
        }

        return Verifier.FlavorFor(source, CatalogRows.Flavors(unit)) is { } flavor
            ? (chain, Verifier.For(instanceId, chain, source, version, flavor, now), "")
            : (chain, null, $"There is no flavor with the {source.MemoryMb} MB of memory that its instance had.");
    }

    /// <summary>Of what another service took nothing is known: any flavor will do.</summary>
    private static Instance? SourceOf(IUnit unit, Backup backup) =>
        backup.Location is null ? InstanceRows.Find(unit, backup.InstanceId) : new Instance();

    private VerificationStart Begin(
        IUnit unit, IReadOnlyList<Backup> chain, Instance verifier, string operationId, string historyId)
    {
        var backup = chain[^1];
        var goal = new VerifyBackupGoal(backup.Id, backup.Name, backup.InstanceId, new CreateInstanceGoal());
        OperationRows.Insert(
            unit,
            operationId,
            OperationKinds.VerifyBackup,
            verifier.Id,
            JsonSerializer.Serialize(goal, JsonSerializerOptions.Web),
            verifier.Created);
        QuotaRows.Ensure(unit, Verifier.Project, QuotaResources.Instances, options.VerifyAtOnce);
        if (!QuotaRows.TryTake(unit, Verifier.Project, QuotaResources.Instances, 1))
        {
            return VerificationStart.NoRoom;
        }

        var isBegun = VerificationRows.TryBegin(unit, backup.Id, verifier.Id)
            && chain.Select(one => one.Id).Order(StringComparer.Ordinal)
                .All(id => LockRows.TryShare(unit, Subject.Backup(id), operationId));
        if (!isBegun)
        {
            return VerificationStart.Changed;
        }

        InstanceRows.Insert(unit, verifier with { ServerNumber = InstanceRows.NextServerNumber(unit) });
        HistoryRows.Add(
            unit, HistoryEntry.Started(historyId, verifier.Id, OperationKinds.VerifyBackup, operationId, verifier.Created));
        return LockRows.TryOwn(unit, verifier.Id, operationId, onlyReady: false, onlyWithoutSlaves: true)
            ? VerificationStart.Begun
            : VerificationStart.Changed;
    }

    private enum VerificationStart
    {
        /// <summary>Not known.</summary>
        Unknown,

        /// <summary>It was begun.</summary>
        Begun,

        /// <summary>As many are under way as there may be.</summary>
        NoRoom,

        /// <summary>The backup, or one that it follows on, is not as it was when it was looked at.</summary>
        Changed,
    }
}
