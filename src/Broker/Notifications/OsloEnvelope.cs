using System.Globalization;
using System.Text.Json;
using Dbaas.Domain.Notices;

namespace Dbaas.Broker.Notifications;

/// <summary>A notification in the form of oslo.messaging (<c>messagingv2</c>), as OpenStack's services send and read it.</summary>
internal static class OsloEnvelope
{
    /// <param name="told">What is told.</param>
    /// <param name="publisher">Who says it: a service and a host.</param>
    public static byte[] Write(Notification told, string publisher)
    {
        var message = new Dictionary<string, object?>
        {
            ["message_id"] = told.Id,
            ["publisher_id"] = publisher,
            ["event_type"] = told.Event,
            ["priority"] = "INFO",
            ["timestamp"] = DateTimeOffset.FromUnixTimeMilliseconds(told.At)
                .ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
            ["payload"] = told.Payload,
            ["_unique_id"] = told.Id,
            ["_context_request_id"] = told.RequestId,
            ["_context_project_id"] = told.TenantId,
        };
        return JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
        {
            ["oslo.version"] = "2.0",
            ["oslo.message"] = JsonSerializer.Serialize(message),
        });
    }
}
