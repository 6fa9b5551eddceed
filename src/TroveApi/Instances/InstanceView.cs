using System.Text.Json;
using Dbaas.Domain.Backups.Schedules;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>An instance in Trove's JSON, with the words of the reference design (<c>slaveOf</c>, <c>slaves</c>) beside Trove's.</summary>
internal sealed class InstanceView(TroveApiOptions options)
{
    private const double Gigabyte = 1024 * 1024 * 1024;

    public Answer One(ApiRequest request, InstanceFacts facts) => Answer.Json(json =>
    {
        json.WriteStartObject("instance");
        WriteMembers(json, request, facts, isDetailed: true);
        json.WriteEndObject();
    });

    public void Write(Utf8JsonWriter json, ApiRequest request, InstanceFacts facts, bool isDetailed)
    {
        json.WriteStartObject();
        WriteMembers(json, request, facts, isDetailed);
        json.WriteEndObject();
    }

    /// <summary>Inside of an object that is begun already.</summary>
    public void WriteMembers(Utf8JsonWriter json, ApiRequest request, InstanceFacts facts, bool isDetailed)
    {
        var instance = facts.Instance;
        json.WriteString("id", instance.Id);
        json.WriteString("name", instance.Name);
        json.WriteString("status", facts.Status.Status);
        json.WriteString("operating_status", facts.Status.OperatingStatus);
        request.Links.Write(json, "instances", instance.Id);
        json.WritePropertyName("flavor");
        request.Links.WriteReference(json, "flavors", instance.FlavorId);
        WriteDatastore(json, facts, isDetailed);
        json.WriteString("region", options.Region);
        json.WriteStartObject("access");
        json.WriteBoolean("is_public", instance.IsPublic);
        if (instance.AllowedCidrs.Length > 0)
        {
            json.WriteStartArray("allowed_cidrs");
            foreach (var cidr in instance.AllowedCidrs.Split(' '))
            {
                json.WriteStringValue(cidr);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        WriteVolume(json, facts, isDetailed);
        if (request.IsAdmin)
        {
            json.WriteString("tenant_id", instance.TenantId);
        }

        WriteAddress(json, instance);
        WriteReplication(json, request, facts);
        if (isDetailed)
        {
            WriteDetails(json, request, facts);
        }
    }

    private static void WriteDatastore(Utf8JsonWriter json, InstanceFacts facts, bool isDetailed)
    {
        json.WriteStartObject("datastore");
        json.WriteString("type", facts.Version.DatastoreName);
        json.WriteString("version", facts.Version.Name);
        if (isDetailed)
        {
            json.WriteString("version_number", facts.Version.Number);
        }

        json.WriteEndObject();
    }

    private static void WriteVolume(Utf8JsonWriter json, InstanceFacts facts, bool isDetailed)
    {
        json.WriteStartObject("volume");
        json.WriteNumber("size", facts.Instance.VolumeSize);
        if (isDetailed && facts.Instance.VolumeType is { } type)
        {
            json.WriteString("type", type);
        }

        if (isDetailed && facts.Status.IsActive && facts.Guest is { VolumeUsed: { } used, VolumeTotal: > 0 and { } total })
        {
            json.WriteNumber("used", Math.Round(used / Gigabyte, 2));
            json.WriteNumber("used_percent", Math.Round(100.0 * used / total, 2));
        }

        json.WriteEndObject();
    }

    private static void WriteSchedules(Utf8JsonWriter json, IReadOnlyList<BackupSchedule> schedules)
    {
        if (schedules.Count == 0)
        {
            return;
        }

        json.WriteStartArray("backup_schedules");
        foreach (var schedule in schedules)
        {
            json.WriteStartObject();
            json.WriteString("id", schedule.Id);
            json.WriteString("name", schedule.Name);
            json.WriteString("next_due", schedule.NextDue is { } due ? Times.Format(due) : null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAddress(Utf8JsonWriter json, Instance instance)
    {
        if (instance.Address is not { } address)
        {
            return;
        }

        var shown = instance.Addresses is { } stored
            ? JsonSerializer.Deserialize<List<InstanceAddress>>(stored, JsonSerializerOptions.Web)!
            : [new InstanceAddress { Address = address }];
        json.WriteStartArray("ip");
        foreach (var one in shown.Select(one => one.Address).Distinct())
        {
            json.WriteStringValue(one);
        }

        json.WriteEndArray();
        json.WriteStartArray("addresses");
        foreach (var one in shown)
        {
            json.WriteStartObject();
            json.WriteString("address", one.Address);
            json.WriteString("type", one.Kind);
            if (one is { Kind: "private", NetworkId: { } network })
            {
                json.WriteString("network", network);
            }

            json.WriteNumber("port", instance.Port);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteReplication(Utf8JsonWriter json, ApiRequest request, InstanceFacts facts)
    {
        if (facts.Instance.SlaveOfId is { } masterId)
        {
            foreach (var name in (ReadOnlySpan<string>)["slaveOf", "replica_of"])
            {
                json.WritePropertyName(name);
                request.Links.WriteReference(json, "instances", masterId);
            }
        }

        if (facts.SlaveIds.Count > 0)
        {
            foreach (var name in (ReadOnlySpan<string>)["slaves", "replicas"])
            {
                json.WriteStartArray(name);
                foreach (var id in facts.SlaveIds)
                {
                    request.Links.WriteReference(json, "instances", id);
                }

                json.WriteEndArray();
            }
        }
    }

    private static void WriteDetails(Utf8JsonWriter json, ApiRequest request, InstanceFacts facts)
    {
        var instance = facts.Instance;
        json.WriteString("created", Times.Format(instance.Created));
        json.WriteString("updated", Times.Format(instance.Updated));
        if (facts.Guest is { } guest)
        {
            json.WriteString("service_status_updated", Times.Format(guest.LastSeen));
        }

        if (facts.Set is { } set)
        {
            json.WriteString("failover", FailoverChoice.Word(set.Failover));
            if (set.Held is { } held)
            {
                json.WriteString("failover_held", held);
            }
        }

        if (instance.FaultMessage is { } message)
        {
            json.WriteStartObject("fault");
            json.WriteString("message", message);
            json.WriteString("created", Times.Format(instance.FaultAt ?? instance.Updated));
            json.WriteString("details", request.IsAdmin ? instance.FaultDetails : null);
            json.WriteEndObject();
        }

        if (instance.ConfigurationId is { } configurationId)
        {
            json.WriteStartObject("configuration");
            json.WriteString("id", configurationId);
            json.WriteString("name", facts.ConfigurationName ?? "");
            request.Links.Write(json, "configurations", configurationId);
            json.WriteEndObject();
        }

        WriteWaiting(json, facts.Guest);
        json.WriteBoolean("deletion_protection", instance.DeletionProtection);
        WriteSchedules(json, facts.Schedules);
        if (instance.Locality is { } locality)
        {
            json.WriteString("locality", locality);
        }

        WriteMoments(json, facts);
        if (facts.Operation is { } operation)
        {
            json.WriteStartObject("operation");
            json.WriteString("name", operation.Kind);
            if (operation.StepCount > 0)
            {
                json.WriteNumber("step", operation.StepIndex + 1);
                json.WriteNumber("of", operation.StepCount);
                json.WriteString("step_name", operation.StepName);
            }

            json.WriteString("started", Times.Format(operation.Created));
            OperationProgress.Write(json, OperationProgress.Find(facts.Guest?.Jobs, operation.Id));
            json.WriteEndObject();
        }

        if (instance.NotEnforced.Length > 0)
        {
            json.WriteString("not_enforced", instance.NotEnforced);
        }

        if (request.IsAdmin)
        {
            json.WriteString("server_id", facts.Server?.ServerId);
            json.WriteString("volume_id", instance.VolumeId);
            // Every guest has a certificate of its own; there is no other way to it.
            json.WriteBoolean("encrypted_rpc_messaging", true);
            AgentView.Write(json, facts);
        }
    }

    /// <summary>How its database stands to its group: also when it was just taken off one.</summary>
    private static void WriteWaiting(Utf8JsonWriter json, GuestState? guest)
    {
        if (guest is { WaitForRestart.Length: > 0 })
        {
            json.WriteStartArray("restart_required_for");
            foreach (var parameter in guest.WaitForRestart.Split(' '))
            {
                json.WriteStringValue(parameter);
            }

            json.WriteEndArray();
        }

        if (guest?.ConfigurationGivenUp is { } why)
        {
            json.WriteString("configuration_fault", why);
        }
    }

    private static void WriteMoments(Utf8JsonWriter json, InstanceFacts facts)
    {
        json.WriteBoolean("point_in_time_recovery", facts.Instance.PointInTime);
        if (facts.Restorable.Count > 0)
        {
            json.WriteStartArray("restorable_times");
            foreach (var time in facts.Restorable)
            {
                json.WriteStartObject();
                json.WriteString("earliest", Times.FormatMicros(time.Earliest));
                json.WriteString("latest", Times.FormatMicros(time.Latest));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (facts.Instance.RestoredPosition is { } position)
        {
            json.WriteStartObject("restored_to");
            json.WriteString("time", facts.Instance.RestoredUntil is { } until ? Times.FormatMicros(until) : null);
            json.WriteString("gtid", position);
            json.WriteEndObject();
        }
    }
}
