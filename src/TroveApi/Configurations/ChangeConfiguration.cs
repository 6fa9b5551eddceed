using Dbaas.Domain.Catalog;
using Dbaas.Domain.Configurations;
using Dbaas.Domain.Instances;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Configurations;

/// <summary>
/// <c>PUT</c> and <c>PATCH /configurations/{id}</c>. Other values go to every instance that uses the group, by an operation each, which
/// upkeep begins: no instance is forgotten that is busy or away.
/// </summary>
internal sealed class ChangeConfiguration(
    IDatabase database, ControlSignals signals, ConfigurationWait wait, TimeProvider time)
{
    // Instances may come and go meanwhile: look again, but not for ever.
    private const int MostTries = 5;

    /// <summary>The values take the place of all that the group had.</summary>
    public async Task<Answer> ReplaceAsync(ApiRequest request)
    {
        await ChangeAsync(request, (_, values) => values.Element.GetRawText());
        return Answer.Accepted;
    }

    /// <summary>The values are added to those that the group had.</summary>
    public async Task<Answer> MergeAsync(ApiRequest request)
    {
        await ChangeAsync(request, (group, values) => ConfigurationFields.Merge(group.ValuesJson, values));
        return Answer.Empty;
    }

    private async Task ChangeAsync(ApiRequest request, Func<ConfigurationGroup, JsonField, string> combine)
    {
        var wanted = (await request.BodyAsync()).Only("configuration")["configuration"].Only("name", "description", "values");
        var values = wanted.FindValue("values")?.Object();
        for (var tries = 1; tries <= MostTries; tries++)
        {
            var (group, version, users) = await database.ReadAsync(unit => Read(unit, request), request.Cancelled);
            var changed = group with
            {
                Name = wanted.FindValue("name") is { } name ? InstanceName.Read(name) : group.Name,
                Description = wanted.Find("description") is null ? group.Description : ConfigurationFields.Description(wanted),
                ValuesJson = values is { } given ? combine(group, given) : group.ValuesJson,
                Updated = time.GetUtcNow().ToUnixTimeMilliseconds(),
            };
            if (values is not null)
            {
                ConfigurationFields.Check(version, values, changed.ValuesJson);
                CheckUsers(changed, users);
            }

            if (await database.WriteAsync(unit => TryWrite(unit, changed, values is not null), request.Cancelled))
            {
                signals.ConfigurationHasChanged();
                await wait.ForGroupAsync(group.Id, request.Cancelled);
                return;
            }
        }

        throw FaultException.Unprocessable($"The configuration group {request.Id("id")} is being changed by others. Try again.");
    }

    private static (ConfigurationGroup Group, DatastoreVersion Version, IReadOnlyList<Instance> Users) Read(IUnit unit, ApiRequest request)
    {
        var group = ConfigurationEndpoints.Find(unit, request);
        var version = CatalogRows.Version(unit, group.DatastoreVersionId) ?? throw FaultException.NoSuch(group.DatastoreVersionId);
        return (group, version, InstanceLists.UsersOf(unit, group.Id, group.TenantId, null, int.MaxValue));
    }

    private static void CheckUsers(ConfigurationGroup group, IReadOnlyList<Instance> users)
    {
        var values = EngineValues.Of(group.ValuesJson);
        foreach (var user in users)
        {
            if (ValueRules.WhyNotFor(values, user.MemoryMb, user.VolumeSize) is { } why)
            {
                throw FaultException.Unprocessable($"Instance {user.Id} uses this group. {why}");
            }
        }
    }

    private static bool TryWrite(IUnit unit, ConfigurationGroup changed, bool changesValues)
    {
        if (!ConfigurationRows.TryChange(unit, changed, changesValues))
        {
            return false;
        }

        if (changesValues)
        {
            InstanceConfigurations.MarkAll(unit, changed.Id);
        }

        return true;
    }
}
