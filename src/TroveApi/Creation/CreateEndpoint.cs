using Dbaas.Domain.Operations;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Quotas;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;
using Dbaas.TroveApi.Quotas;

namespace Dbaas.TroveApi.Creation;

/// <summary><c>POST /instances</c>: checks first, then everything in one unit of guarded writes.</summary>
internal sealed class CreateEndpoint(
    IDatabase database, CreatePlanner planner, InstanceReader reader, InstanceView view, ControlSignals signals, QuotaTaker quota,
    TroveApiOptions options)
{
    public async Task<Answer> CreateAsync(ApiRequest request)
    {
        var wanted = CreateRequest.Parse(await request.BodyAsync(), options);
        var plan = await database.ReadAsync(unit => planner.Plan(unit, request, wanted), request.Cancelled);
        try
        {
            await database.WriteAsync(unit => Write(unit, request.Tenant, plan), request.Cancelled);
        }
        catch (GuardException)
        {
            // Something changed between the checks and the write: check again, to say what.
            _ = await database.ReadAsync(unit => planner.Plan(unit, request, wanted), request.Cancelled);
            throw FaultException.NotAvailable(plan.MasterId ?? plan.Instances[0].Instance.Id, "changing");
        }

        signals.OperationIsDue();
        return view.One(request, await reader.FindToShowAsync(request, plan.Instances[^1].Instance.Id));
    }

    private void Write(IUnit unit, string tenant, CreatePlan plan)
    {
        foreach (var planned in plan.Instances)
        {
            OperationRows.Insert(unit, planned.OperationId, planned.Kind, planned.Instance.Id, planned.Goal, planned.Instance.Created);
        }

        quota.Take(
            unit,
            tenant,
            (QuotaResources.Instances, plan.Instances.Count),
            (QuotaResources.Ram, plan.Instances.Sum(planned => (long)planned.Instance.MemoryMb)),
            (QuotaResources.Volumes, plan.Instances.Sum(planned => (long)planned.Instance.VolumeSize)));
        foreach (var planned in plan.Instances)
        {
            GuardException.Unless(
                plan.Configuration is not { } group || ConfigurationRows.AddInstance(unit, group.Id, group.ValuesVersion));
            GuardException.Unless(plan.MasterId is null || InstanceChanges.AddSlave(unit, plan.MasterId));
            InstanceRows.Insert(unit, planned.Instance with { ServerNumber = InstanceRows.NextServerNumber(unit) });
            if (plan.IsRootEnabled)
            {
                InstanceChanges.SetRootEnabled(unit, planned.Instance.Id, true);
            }

            // The master's id is older than its slave's, and ids rise with time: this is id order.
            GuardException.Unless(plan.MasterId is null || LockRows.TryShare(unit, Subject.Instance(plan.MasterId), planned.OperationId));
            foreach (var backup in plan.BackupIds.Order(StringComparer.Ordinal))
            {
                GuardException.Unless(LockRows.TryShare(unit, Subject.Backup(backup), planned.OperationId));
            }

            GuardException.Unless(
                LockRows.TryOwn(unit, planned.Instance.Id, planned.OperationId, onlyReady: false, onlyWithoutSlaves: false));
        }

        if (plan is { MasterId: { } masterId, Failover: { } policy })
        {
            ReplicaSetRows.SetFailover(unit, masterId, policy, plan.NewSetId);
        }

        foreach (var planned in plan.Instances)
        {
            HistoryRows.Add(
                unit,
                HistoryEntry.Started(
                    planned.HistoryId, planned.Instance.Id, planned.Kind, planned.OperationId, planned.Instance.Created) with
                {
                    Detail = plan.Note,
                });
        }
    }
}
