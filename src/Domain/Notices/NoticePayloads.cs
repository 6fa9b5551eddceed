using System.Globalization;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;

namespace Dbaas.Domain.Notices;

/// <summary>What is said in notifications, in Trove's words. No value is a secret.</summary>
public static class NoticePayloads
{
    /// <summary>Of what an operation does: all traits that Trove's have, as far as they are known.</summary>
    /// <param name="notice">What happened.</param>
    /// <param name="datastore">What the instance runs, and its version.</param>
    /// <param name="region">The region.</param>
    /// <param name="subject">What the operation is about; null: it is not known any more.</param>
    public static IReadOnlyDictionary<string, object?> OfOperation(
        Notice notice, (string Name, string Version) datastore, string region, Subject? subject)
    {
        var payload = new Dictionary<string, object?>
        {
            ["tenant_id"] = notice.TenantId,
            ["request_id"] = notice.RequestId,
            ["client_ip"] = notice.ClientIp,
            ["server_ip"] = null,
            ["server_type"] = notice.Event.EndsWith(".start", StringComparison.Ordinal) ? "api" : "taskmanager",
            ["instance_id"] = notice.InstanceId,
            ["name"] = notice.Name,
            ["flavor_id"] = notice.FlavorId,
            ["datastore"] = datastore.Name,
            ["datastore_version"] = datastore.Version,
            ["availability_zone"] = notice.AvailabilityZone,
            ["region_name"] = region,
            ["volume_size"] = notice.VolumeSize,
            ["replica_of"] = notice.SlaveOfId,
        };
        foreach (var (trait, value) in NoticeWishes.Read(notice.Wanted))
        {
            payload[trait] = value;
        }

        if (subject is { Kind: SubjectKind.Backup, Id: var backup })
        {
            payload["backup_id"] = backup;
        }

        if (notice.Event.EndsWith(".error", StringComparison.Ordinal))
        {
            payload["message"] = payload["exception"] = notice.Detail;
        }

        return payload;
    }

    /// <summary>Of an instance that is used, for those who account for it.</summary>
    /// <param name="instance">It.</param>
    /// <param name="datastore">What it runs.</param>
    /// <param name="region">The region.</param>
    /// <param name="hour">The hour in which it was there, in Unix milliseconds; null: it is not about one.</param>
    public static IReadOnlyDictionary<string, object?> OfUse(Notice instance, string datastore, string region, long? hour)
    {
        var payload = new Dictionary<string, object?>
        {
            ["created_at"] = Time(instance.Created),
            ["launched_at"] = Time(instance.Created),
            ["name"] = instance.Name,
            ["display_name"] = instance.Name,
            ["instance_id"] = instance.InstanceId,
            ["instance_name"] = instance.Name,
            ["instance_type_id"] = instance.FlavorId,
            ["instance_size"] = instance.MemoryMb,
            ["nova_instance_id"] = instance.InstanceId,
            ["volume_size"] = instance.VolumeSize,
            ["nova_volume_id"] = instance.InstanceId,
            ["availability_zone"] = instance.AvailabilityZone,
            ["region"] = region,
            ["state"] = StateOf(instance.Lifecycle),
            ["state_description"] = StateOf(instance.Lifecycle),
            ["tenant_id"] = instance.TenantId,
            ["user_id"] = null,
            ["service_id"] = datastore,
        };
        if (hour is { } begin)
        {
            payload["audit_period_beginning"] = Time(begin);
            payload["audit_period_ending"] = Time(begin + (long)TimeSpan.FromHours(1).TotalMilliseconds);
        }

        return payload;
    }

    private static string StateOf(string lifecycle) => lifecycle switch
    {
        nameof(Lifecycle.Ready) => "active",
        nameof(Lifecycle.Building) => "build",
        _ => "error",
    };

    private static string Time(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
