using Dbaas.Domain;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Instances;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Backups;

/// <summary><c>POST /backups</c>: checks first, then everything in one unit of guarded writes.</summary>
internal sealed class CreateBackupEndpoint(
    IDatabase database,
    InstanceReader instances,
    BackupBeginning start,
    RegisterBackup registering,
    ControlSignals signals,
    IIdSource ids,
    TimeProvider time)
{
    public async Task<Answer> CreateAsync(ApiRequest request)
    {
        var body = await request.BodyAsync();
        if (ForeignBackupRequest.Find(body) is { } foreign)
        {
            return await registering.CreateAsync(request, foreign);
        }

        var wanted = BackupRequest.Parse(body);
        var facts = await instances.FindAsync(request, wanted.InstanceId);
        var (parent, agent) = await database.ReadAsync(
            unit => (Parent(unit, request, wanted, facts.Instance), GuestRows.FindAgent(unit, facts.Instance.Id)), request.Cancelled);
        BackupBeginning.Check(facts, agent, parent is not null);
        var (operationId, historyId) = (ids.NewId(), ids.NewId());
        var backup = NewBackup.Of(
            facts.Instance, ids.NewId(), BackupPlace.NewSecret(), wanted.Name, time.GetUtcNow().ToUnixTimeMilliseconds()) with
        {
            Description = wanted.Description,
            ParentId = parent?.Id,
        };
        try
        {
            await database.WriteAsync(unit => start.Write(unit, backup, operationId, historyId), request.Cancelled);
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
            await database.ReadAsync(unit => BackupReader.Load(unit, [BackupRows.Find(unit, backup.Id)!])[0], request.Cancelled),
            status: 202);
    }

    /// <summary>What follows on a backup is taken where that was.</summary>
    private static bool IsThere(IUnit unit, string? slaveId, string masterId) =>
        slaveId is null || (InstanceRows.Find(unit, slaveId) is { Deleted: false } slave && slave.SlaveOfId == masterId);

    private static Backup? Parent(IUnit unit, ApiRequest request, BackupRequest wanted, Instance instance)
    {
        var ownKey = ProjectKeyRows.Find(unit, instance.TenantId)?.Recipient;
        if (wanted.ParentId is { } id)
        {
            var parent = BackupReader.Find(unit, request, id);
            return parent switch
            {
                { InstanceId: var other } when other != instance.Id =>
                    throw FaultException.BadRequest($"Backup {id} is of another instance ({other})."),
                { State: not BackupState.Completed } => throw FaultException.BadRequest($"Backup {id} is not completed."),
                _ when !parent.IsSealedFor(ownKey) => throw FaultException.BadRequest(
                    $"Backup {id} was encrypted for another key than the project has now, and what follows on it would be too: "
                        + "take a full one."),
                _ when BackupRows.Chain(unit, id).Count >= BackupRows.LongestChain => throw FaultException.BadRequest(
                    $"Backup {id} is the last of {BackupRows.LongestChain} that follow on each other: take a full one."),
                _ => parent,
            };
        }

        // Without one that it can follow on it is a full one, as in Trove.
        return wanted.IsIncremental && BackupRows.Newest(unit, instance.Id) is { } newest
            && newest.IsSealedFor(ownKey) && IsThere(unit, newest.TakenOn, instance.Id)
            && BackupRows.Chain(unit, newest.Id).Count < BackupRows.LongestChain
            ? newest
            : null;
    }
}
