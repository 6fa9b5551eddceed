using System.Security.Cryptography;
using Dbaas.Domain;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Domain.Quotas;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;
using Dbaas.TroveApi.Quotas;

namespace Dbaas.TroveApi.Backups;

/// <summary><c>POST /backups</c>: checks first, then everything in one unit of guarded writes.</summary>
internal sealed class CreateBackupEndpoint(
    IDatabase database, InstanceReader instances, QuotaTaker quota, ControlSignals signals, IIdSource ids, TimeProvider time)
{
    // Nobody who knows a backup's id can guess where its objects are.
    private const int PlaceBytes = 16;

    public async Task<Answer> CreateAsync(ApiRequest request)
    {
        var wanted = BackupRequest.Parse(await request.BodyAsync());
        var facts = await instances.FindAsync(request, wanted.InstanceId);
        var (parent, agent) = await database.ReadAsync(
            unit => (Parent(unit, request, wanted, facts.Instance), GuestRows.FindAgent(unit, facts.Instance.Id)), request.Cancelled);
        Check(facts, agent, parent);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var (operationId, historyId) = (ids.NewId(), ids.NewId());
        var id = ids.NewId();
        var backup = new Backup
        {
            Id = id,
            TenantId = facts.Instance.TenantId,
            Name = wanted.Name,
            Description = wanted.Description,
            InstanceId = facts.Instance.Id,
            DatastoreVersionId = facts.Instance.DatastoreVersionId,
            ParentId = parent?.Id,
            State = BackupState.New,
            Place = $"{id[^12..]}-{RandomNumberGenerator.GetHexString(PlaceBytes * 2, lowercase: true)}",
            RootEnabled = facts.Instance.RootEnabled,
            Created = now,
            Updated = now,
        };
        try
        {
            await database.WriteOnceAsync(operationId, unit => Write(unit, backup, operationId, historyId), request.Cancelled);
        }
        catch (GuardException)
        {
            // Something changed between the checks and the write: check again, to say what.
            var present = await instances.FindAsync(request, wanted.InstanceId);
            _ = await database.ReadAsync(unit => Parent(unit, request, wanted, present.Instance), request.Cancelled);
            throw FaultException.NotAvailable(facts.Instance.Id, Busy.Word(present));
        }

        signals.OperationIsDue();
        return BackupView.One(
            await database.ReadAsync(unit => BackupReader.Load(unit, [BackupRows.Find(unit, id)!])[0], request.Cancelled), status: 202);
    }

    private static void Check(InstanceFacts facts, AgentFacts? agent, Backup? parent)
    {
        if (agent is not null && GuestCommand.WhyNotBy(typeof(CreateBackup), agent.Protocol) is { } why)
        {
            throw FaultException.Unprocessable(why);
        }

        if (agent is not null && !agent.Capabilities.Contains("backups", StringComparison.Ordinal))
        {
            throw new FaultException(501, $"Backups are not supported for the '{facts.Version.DatastoreName}' datastore yet.");
        }

        if (agent is not null && parent is not null && facts.Instance.BinaryLog != BinaryLogChoice.Always
            && agent.Capabilities.Contains("backups-follow-by-log", StringComparison.Ordinal))
        {
            throw FaultException.Unprocessable(
                $"A backup of '{facts.Version.DatastoreName}' that follows on another one is made from the binary log, and this instance "
                    + "does not always keep it: take a full one, or create instances with binary_log: always.");
        }

        if (facts.Status.Status != "ACTIVE" || !facts.IsHealthy)
        {
            throw FaultException.NotAvailable(facts.Instance.Id, facts.IsHealthy ? Busy.Word(facts) : facts.Status.OperatingStatus);
        }
    }

    private static Backup? Parent(IUnit unit, ApiRequest request, BackupRequest wanted, Instance instance)
    {
        if (wanted.ParentId is { } id)
        {
            var parent = BackupReader.Find(unit, request, id);
            return parent switch
            {
                { InstanceId: var other } when other != instance.Id =>
                    throw FaultException.BadRequest($"Backup {id} is of another instance ({other})."),
                { State: not BackupState.Completed } => throw FaultException.BadRequest($"Backup {id} is not completed."),
                _ when BackupRows.Chain(unit, id).Count >= BackupRows.LongestChain => throw FaultException.BadRequest(
                    $"Backup {id} is the last of {BackupRows.LongestChain} that follow on each other: take a full one."),
                _ => parent,
            };
        }

        // Without one that it can follow on it is a full one, as in Trove.
        return wanted.IsIncremental && BackupRows.Newest(unit, instance.Id) is { } newest
            && BackupRows.Chain(unit, newest.Id).Count < BackupRows.LongestChain
            ? newest
            : null;
    }

    private void Write(IUnit unit, Backup backup, string operationId, string historyId)
    {
        OperationRows.Insert(
            unit, operationId, OperationKinds.CreateBackup, backup.InstanceId, null, backup.Created, Subject.Backup(backup.Id));
        quota.Take(unit, backup.TenantId, (QuotaResources.Backups, 1));
        GuardException.Unless(BackupChanges.TryBegin(unit, backup.InstanceId, backup.Id));
        GuardException.Unless(backup.ParentId is null || BackupChanges.TryAddChild(unit, backup.ParentId));
        BackupRows.Insert(unit, backup);
        GuardException.Unless(LockRows.TryOwnBackup(unit, backup.Id, operationId, children: 0));
        HistoryRows.Add(unit, HistoryEntry.Started(historyId, backup.InstanceId, OperationKinds.CreateBackup, operationId, backup.Created));
    }
}
