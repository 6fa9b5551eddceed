using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Backups;

/// <summary>Backups as they are: list, and show.</summary>
internal sealed class BackupEndpoints(IDatabase database, TroveApiOptions options)
{
    public Task<Answer> ListAsync(ApiRequest request)
    {
        if (!request.IsAdmin && (request.Query("project_id") is not null || request.Flag("all_projects")))
        {
            throw Policy.Denied("backup:index:all_projects");
        }

        var project = request.Flag("all_projects") ? null : request.Query("project_id") ?? request.Tenant;
        return ListAsync(
            request,
            project,
            request.Query("instance_id") is { Length: > 0 } instance ? instance : null,
            request.Query("schedule_id") is { Length: > 0 } schedule ? schedule : null);
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

    private async Task<Answer> ListAsync(ApiRequest request, string? project, string? instanceId, string? scheduleId = null)
    {
        var page = request.Page(options.PageSize);
        var datastore = request.Query("datastore") is { Length: > 0 } named ? named : null;
        var (facts, next) = await database.ReadAsync(
            unit =>
            {
                var versions = datastore is null
                    ? null
                    : CatalogRows.Versions(unit)
                        .Where(one => one.DatastoreId == datastore || one.DatastoreName == datastore).Select(one => one.Id).ToList();
                if (versions is [])
                {
                    throw FaultException.NoSuch(datastore!);
                }

                var rows = BackupRows.Page(unit, project, instanceId, scheduleId, versions, page.Marker, page.Limit + 1);
                var shown = BackupReader.Load(unit, [.. rows.Take(page.Limit)]);
                return (shown, rows.Count > page.Limit ? rows[page.Limit - 1].Id : null);
            },
            request.Cancelled);
        return BackupView.Many(request, facts, next);
    }
}
