using System.Security.Cryptography;
using System.Text.Json;
using Dbaas.Domain;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Domain.Quotas;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;
using Dbaas.TroveApi.Quotas;

namespace Dbaas.TroveApi.Backups;

/// <summary><c>/backups</c>: as they are, a new one, and one that goes.</summary>
internal sealed class BackupEndpoints(
    IDatabase database, InstanceReader instances, QuotaTaker quota, ControlSignals signals, IIdSource ids, TimeProvider time,
    TroveApiOptions options)
{
    // Nobody who knows a backup's id can guess where its objects are.
    private const int PlaceBytes = 16;

    public Task<Answer> ListAsync(ApiRequest request)
    {
        if (!request.IsAdmin && (request.Query("project_id") is not null || request.Flag("all_projects")))
        {
            throw Policy.Denied("backup:index:all_projects");
        }

        var project = request.Flag("all_projects") ? null : request.Query("project_id") ?? request.Tenant;
        return ListAsync(request, project, request.Query("instance_id") is { Length: > 0 } instance ? instance : null);
    }

    public async Task<Answer> ListOfInstanceAsync(ApiRequest request)
    {
        var id = request.Id("id");
        var owner = await database.ReadAsync(unit => InstanceRows.Find(unit, id), request.Cancelled);

        // The backups of an instance outlive it.
        return owner is not null && (owner.TenantId == request.Tenant || request.IsAdmin)
            ? await ListAsync(request, owner.TenantId, id)
            : throw FaultException.NoSuch(id);
    }

    public async Task<Answer> ShowAsync(ApiRequest request) => BackupView.One(await database.ReadAsync(
        unit => BackupReader.Load(unit, [BackupReader.Find(unit, request, request.Id("id"))])[0], request.Cancelled));

    public async Task<Answer> CreateAsync(ApiRequest request)
    {
        var wanted = BackupRequest.Parse(await request.BodyAsync());
        var facts = await instances.FindAsync(request, wanted.InstanceId);
        var (parent, agent) = await database.ReadAsync(
            unit => (Parent(unit, request, wanted, facts.Instance), GuestRows.FindAgent(unit, facts.Instance.Id)), request.Cancelled);
        Check(facts, agent);
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

    public async Task<Answer> DeleteAsync(ApiRequest request)
    {
        var id = request.Id("id");
        var all = await database.ReadAsync(
            unit => (IReadOnlyList<Backup>)[BackupReader.Find(unit, request, id), .. BackupRows.Descendants(unit, id)], request.Cancelled);
        foreach (var backup in all)
        {
            if (backup.State is BackupState.New or BackupState.Building or BackupState.Saving)
            {
                throw FaultException.Unprocessable($"Backup {backup.Id} cannot be deleted because it is running.");
            }
        }

        var (operationId, historyId) = (ids.NewId(), ids.NewId());
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        try
        {
            await database.WriteOnceAsync(operationId, unit => WriteDelete(unit, all, operationId, historyId, now), request.Cancelled);
        }
        catch (GuardException)
        {
            var present = await database.ReadAsync(unit => BackupReader.Find(unit, request, id), request.Cancelled);
            throw FaultException.Unprocessable(present.LockOwner is null
                ? $"Backup {id} cannot be deleted because it, or one that follows on it, is being restored."
                : $"Backup {id} is being deleted already.");
        }

        signals.OperationIsDue();
        return Answer.Accepted;
    }

    private async Task<Answer> ListAsync(ApiRequest request, string? project, string? instanceId)
    {
        var page = request.Page(options.PageSize);
        var (facts, next) = await database.ReadAsync(
            unit =>
            {
                var rows = BackupRows.Page(unit, project, instanceId, page.Marker, page.Limit + 1);
                var shown = BackupReader.Load(unit, [.. rows.Take(page.Limit)]);
                return (shown, rows.Count > page.Limit ? rows[page.Limit - 1].Id : null);
            },
            request.Cancelled);
        return BackupView.Many(request, facts, next);
    }

    private static void Check(InstanceFacts facts, AgentFacts? agent)
    {
        if (agent is not null && !agent.Capabilities.Contains("backups", StringComparison.Ordinal))
        {
            throw new FaultException(501, $"Backups are not supported for the '{facts.Version.DatastoreName}' datastore yet.");
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
        Guard(BackupChanges.TryBegin(unit, backup.InstanceId, backup.Id));
        Guard(backup.ParentId is null || BackupChanges.TryAddChild(unit, backup.ParentId));
        BackupRows.Insert(unit, backup);
        Guard(LockRows.TryOwnBackup(unit, backup.Id, operationId, children: 0));
        Note(unit, OperationKinds.CreateBackup, backup.InstanceId, operationId, historyId, backup.Created);
    }

    private static void WriteDelete(IUnit unit, IReadOnlyList<Backup> all, string operationId, string historyId, long now)
    {
        // Those that follow on others first: as they go, so are they named.
        var goal = new DeleteBackupGoal([.. all.Reverse().Select(backup => backup.Id)]);
        OperationRows.Insert(
            unit,
            operationId,
            OperationKinds.DeleteBackup,
            all[0].InstanceId,
            JsonSerializer.Serialize(goal, JsonSerializerOptions.Web),
            now,
            Subject.Backup(all[0].Id));
        foreach (var backup in all.OrderBy(backup => backup.Id, StringComparer.Ordinal))
        {
            Guard(LockRows.TryOwnBackup(unit, backup.Id, operationId, all.Count(other => other.ParentId == backup.Id)));
        }

        Note(unit, OperationKinds.DeleteBackup, all[0].InstanceId, operationId, historyId, now);
    }

    private static void Note(IUnit unit, string kind, string instanceId, string operationId, string historyId, long now) =>
        HistoryRows.Add(unit, new HistoryEntry
        {
            Id = historyId, InstanceId = instanceId, At = now, OperationId = operationId, Event = kind, Outcome = "started",
        });

    private static void Guard(bool held)
    {
        if (!held)
        {
            throw new GuardException();
        }
    }
}
