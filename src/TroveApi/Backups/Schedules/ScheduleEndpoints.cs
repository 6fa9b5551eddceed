using Dbaas.Domain;
using Dbaas.Domain.Backups.Schedules;
using Dbaas.Domain.Quotas;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;
using Dbaas.TroveApi.Quotas;

namespace Dbaas.TroveApi.Backups.Schedules;

/// <summary><c>/backup_schedules</c>: Trove has none.</summary>
internal sealed class ScheduleEndpoints(IDatabase database, InstanceReader instances, TroveApiOptions options, IIdSource ids)
{
    public Task<Answer> ListAsync(ApiRequest request) => ListAsync(request, request.Tenant, null);

    public async Task<Answer> ListOfInstanceAsync(ApiRequest request)
    {
        var owner = await instances.FindAsync(request, request.Id("id"));
        return await ListAsync(request, owner.Instance.TenantId, owner.Instance.Id);
    }

    public async Task<Answer> ShowAsync(ApiRequest request)
    {
        var id = request.Id("id");
        return await database.ReadAsync(
            unit => ScheduleView.One(Find(unit, request, id), ScheduleRunRows.Of(unit, id)), request.Cancelled);
    }

    public async Task<Answer> CreateAsync(ApiRequest request)
    {
        var wanted = ScheduleRequest.ParseNew(await request.BodyAsync());
        CheckVerify(wanted);
        var tenant = wanted.InstanceId is { } named ? (await instances.FindAsync(request, named)).Instance.TenantId : request.Tenant;
        var now = await database.ReadAsync(ControlPlaneRows.Now, request.Cancelled);
        var schedule = wanted with
        {
            Id = ids.NewId(),
            TenantId = tenant,
            NextDue = CronTimes.Next(wanted.Cron, wanted.TimeZone, now),
            Created = now,
            Updated = now,
        };
        try
        {
            await database.WriteAsync(unit => Write(unit, schedule), request.Cancelled);
        }
        catch (GuardException)
        {
            throw FaultException.NoSuch(schedule.InstanceId!);
        }

        return ScheduleView.One(schedule, [], status: 201);
    }

    public async Task<Answer> ChangeAsync(ApiRequest request)
    {
        var body = await request.BodyAsync();
        var id = request.Id("id");
        var (before, now) = await database.ReadAsync(
            unit => (Find(unit, request, id), ControlPlaneRows.Now(unit)), request.Cancelled);
        var wanted = ScheduleRequest.ParseChange(body, before);
        CheckVerify(wanted);
        var isMoved = (wanted.Cron, wanted.TimeZone) != (before.Cron, before.TimeZone);
        var after = wanted with { NextDue = CronTimes.Next(wanted.Cron, wanted.TimeZone, now), Updated = now };
        return await database.WriteAsync(unit => ScheduleRows.TryChange(unit, after, isMoved), request.Cancelled)
            ? await ShowAsync(request)
            : throw FaultException.Unprocessable($"Schedule {id} was changed by somebody else at the same time: look again.");
    }

    public async Task<Answer> DeleteAsync(ApiRequest request)
    {
        var schedule = await database.ReadAsync(unit => Find(unit, request, request.Id("id")), request.Cancelled);
        await database.WriteAsync(unit => ScheduleRows.Delete(unit, schedule), request.Cancelled);
        return Answer.NoContent;
    }

    private void CheckVerify(BackupSchedule wanted)
    {
        if (wanted.Verify)
        {
            VerifyEndpoint.CheckOffered(options);
        }
    }

    private static BackupSchedule Find(IUnit unit, ApiRequest request, string id) =>
        ScheduleRows.Find(unit, id) is { } schedule && (schedule.TenantId == request.Tenant || request.IsAdmin)
            ? schedule
            : throw FaultException.NoSuch(id);

    private async Task<Answer> ListAsync(ApiRequest request, string tenant, string? instanceId)
    {
        var page = request.Page(options.PageSize);
        var rows = await database.ReadAsync(
            unit => ScheduleRows.Page(unit, tenant, instanceId, page.Marker, page.Limit + 1), request.Cancelled);
        return ScheduleView.Many(request, [.. rows.Take(page.Limit)], rows.Count > page.Limit ? rows[page.Limit - 1].Id : null);
    }

    private void Write(IUnit unit, BackupSchedule schedule)
    {
        // A schedule takes from the quota of backups when it is due: the quota's rows are there then.
        QuotaRows.Ensure(unit, schedule.TenantId, options.Quotas);
        QuotaRows.Ensure(unit, schedule.TenantId, QuotaResources.BackupSchedules, options.MaxBackupSchedules);
        if (!QuotaRows.TryTake(unit, schedule.TenantId, QuotaResources.BackupSchedules, 1))
        {
            throw QuotaTaker.Exceeded(QuotaResources.BackupSchedules);
        }

        // An instance that goes takes its schedules with it: those that were written before.
        GuardException.Unless(schedule.InstanceId is null || InstanceChanges.TryMention(unit, schedule.InstanceId));
        ScheduleRows.Insert(unit, schedule);
    }
}
