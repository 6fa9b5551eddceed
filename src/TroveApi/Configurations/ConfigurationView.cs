using System.Text.Json;
using Dbaas.Domain.Catalog;
using Dbaas.Domain.Configurations;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Configurations;

/// <summary>A configuration group in Trove's JSON.</summary>
internal static class ConfigurationView
{
    public static Answer One(ConfigurationGroup group, DatastoreVersion? version) => Answer.Json(json =>
    {
        json.WritePropertyName("configuration");
        Write(json, group, version, isDetailed: true);
    });

    public static void Write(Utf8JsonWriter json, ConfigurationGroup group, DatastoreVersion? version, bool isDetailed)
    {
        json.WriteStartObject();
        json.WriteString("id", group.Id);
        json.WriteString("name", group.Name);
        json.WriteString("description", group.Description);
        json.WriteString("created", Times.Format(group.Created));
        json.WriteString("updated", Times.Format(group.Updated));
        json.WriteString("datastore_name", version?.DatastoreName);
        json.WriteString("datastore_version_id", group.DatastoreVersionId);
        json.WriteString("datastore_version_name", version?.Name);
        if (isDetailed)
        {
            json.WriteString("datastore_version_number", version?.Number);
            json.WriteNumber("instance_count", group.InstanceCount);
            json.WritePropertyName("values");
            json.WriteRawValue(group.ValuesJson);
        }

        json.WriteEndObject();
    }
}
