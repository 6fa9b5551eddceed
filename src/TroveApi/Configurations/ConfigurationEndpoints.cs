using Dbaas.Domain;
using Dbaas.Domain.Configurations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Configurations;

/// <summary><c>/configurations</c>.</summary>
internal sealed class ConfigurationEndpoints(IDatabase database, IIdSource ids, TimeProvider time, TroveApiOptions options)
{
    public async Task<Answer> ListAsync(ApiRequest request)
    {
        var page = request.Page(options.PageSize);
        var (groups, versions) = await database.ReadAsync(
            unit => (
                ConfigurationRows.Of(unit, request.Tenant, page.Marker, page.Limit + 1),
                CatalogRows.Versions(unit).ToDictionary(version => version.Id)),
            request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartArray("configurations");
            foreach (var group in groups.Take(page.Limit))
            {
                ConfigurationView.Write(json, group, versions.GetValueOrDefault(group.DatastoreVersionId), isDetailed: false);
            }

            json.WriteEndArray();
            Page.WriteNext(json, request, groups.Count > page.Limit ? groups[page.Limit - 1].Id : null);
        });
    }

    public async Task<Answer> ShowAsync(ApiRequest request)
    {
        var (group, version) = await database.ReadAsync(
            unit =>
            {
                var found = Find(unit, request);
                return (found, CatalogRows.Version(unit, found.DatastoreVersionId));
            },
            request.Cancelled);
        return ConfigurationView.One(group, version);
    }

    public async Task<Answer> CreateAsync(ApiRequest request)
    {
        var wanted = (await request.BodyAsync()).Only("configuration")["configuration"].Only("name", "description", "values", "datastore");
        var values = wanted.FindValue("values")?.Object();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var group = new ConfigurationGroup
        {
            Id = ids.NewId(),
            TenantId = request.Tenant,
            Name = InstanceName.Read(wanted["name"]),
            Description = ConfigurationFields.Description(wanted),
            ValuesJson = values?.Element.GetRawText() ?? "{}",
            Created = now,
            Updated = now,
        };
        var datastore = DatastoreWish.Parse(wanted.FindValue("datastore"));
        var version = await database.ReadAsync(unit => datastore.Resolve(unit, options.DefaultDatastore), request.Cancelled);
        ConfigurationFields.Check(version, values, group.ValuesJson);
        group = group with { DatastoreVersionId = version.Id };
        await database.WriteAsync(unit => ConfigurationRows.Insert(unit, group), request.Cancelled);
        return ConfigurationView.One(group, version);
    }

    public async Task<Answer> DeleteAsync(ApiRequest request)
    {
        var group = await database.ReadAsync(unit => Find(unit, request), request.Cancelled);
        return await database.WriteAsync(unit => ConfigurationRows.TryDelete(unit, group.Id), request.Cancelled)
            ? Answer.Accepted
            : throw FaultException.BadRequest(
                "A configuration group cannot be deleted if it is associated with one or more non-terminated instances. Delete "
                    + "these instances first.");
    }

    public async Task<Answer> InstancesAsync(ApiRequest request)
    {
        var page = request.Page(options.PageSize);
        var instances = await database.ReadAsync(
            unit =>
            {
                var group = Find(unit, request);
                return InstanceLists.UsersOf(unit, group.Id, group.TenantId, page.Marker, page.Limit + 1);
            },
            request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartArray("instances");
            foreach (var instance in instances.Take(page.Limit))
            {
                json.WriteStartObject();
                json.WriteString("id", instance.Id);
                json.WriteString("name", instance.Name);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            Page.WriteNext(json, request, instances.Count > page.Limit ? instances[page.Limit - 1].Id : null);
        });
    }

    /// <exception cref="FaultException">There is none that the caller may see.</exception>
    public static ConfigurationGroup Find(IUnit unit, ApiRequest request)
    {
        var id = request.Id("id");
        return ConfigurationRows.Find(unit, id) is { } group && (group.TenantId == request.Tenant || request.IsAdmin)
            ? group
            : throw FaultException.NoSuch(id);
    }
}
