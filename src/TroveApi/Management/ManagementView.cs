using System.Text.Json;
using Dbaas.Domain.Instances;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Management;

/// <summary>An instance as administrators see it: all that its owner sees, and what is known of its server.</summary>
internal sealed class ManagementView(InstanceView instances)
{
    public void Write(Utf8JsonWriter json, ApiRequest request, InstanceFacts facts)
    {
        var instance = facts.Instance;
        json.WriteStartObject();
        instances.WriteMembers(json, request, facts, isDetailed: true);
        WriteServer(json, instance, facts.Server);
        json.WriteString("service_status", facts.Guest?.ServerState.ToUpperInvariant() ?? "NEW");
        json.WriteString(
            "task_description", facts.Operation is { } operation
                ? $"{operation.Kind}: {operation.StepName}"
                : "No tasks for the instance.");
        json.WriteBoolean("deleted", instance.Deleted);
        json.WriteString("deleted_at", instance.DeletedAt is { } at ? Times.Format(at) : null);
        json.WriteBoolean("root_enabled", instance.RootEnabled);
        json.WriteStartObject("guest_status");
        json.WriteString("state_description", facts.Guest is { } guest ? guest.Detail ?? guest.ServerState : "never heard of");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteServer(Utf8JsonWriter json, Instance instance, ServerFacts? server)
    {
        if (server is null)
        {
            json.WriteNull("server");
            return;
        }

        json.WriteStartObject("server");
        json.WriteString("id", server.ServerId);
        json.WriteString("name", instance.Name);
        json.WriteString("status", server.State.ToUpperInvariant());
        json.WriteString("tenant_id", instance.TenantId);
        json.WriteString("host", server.Host);
        json.WriteString("detail", server.Detail);
        json.WriteString("seen", Times.Format(server.Seen));
        json.WriteEndObject();
    }
}
