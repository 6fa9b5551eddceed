using System.Net;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Session;

/// <summary>Every service's failures as the one exception of the ports.</summary>
internal static class Faults
{
    public static CloudException Of(CloudReply reply)
    {
        var (service, purpose, error) = (reply.Request.Service.Name, reply.Request.Purpose, reply.Error);
        var because = error.Text.Length == 0 ? "." : ": " + error.Text;
        var (sentence, isTransient) = (int)reply.Status switch
        {
            403 or 409 or 413 when IsQuota(error) => ($"The cloud could not {purpose}: its {service} quota is used up.", false),
            404 when reply.RequestId is null => ($"The cloud's {service} service is not where it should be: it could not {purpose}.", true),
            400 or 404 or 422 => ($"The cloud could not {purpose}{because}", false),
            401 => ($"The cloud does not know this service: it could not {purpose}.", true),
            403 => ($"The cloud does not allow this service to {purpose}.", false),
            409 => ($"The cloud could not {purpose} now{because}", true),
            429 or 413 => ($"The cloud asks for patience: it could not {purpose} now.", true),
            408 or >= 500 => ($"The cloud's {service} service is out of order: it could not {purpose}.", true),
            _ => ($"The cloud could not {purpose}{because}", false),
        };
        return new CloudException(sentence, isTransient, details: Details(reply));
    }

    /// <summary>For what the caller knows better than the service.</summary>
    public static CloudException Refused(CloudReply reply, string sentence) => new(sentence, isTransient: false, details: Details(reply));

    public static CloudException Unreadable(CloudReply reply, Exception? inner) =>
        new(
            $"The cloud's {reply.Request.Service.Name} service answered something that cannot be read.",
            isTransient: true,
            inner,
            Details(reply));

    public static CloudException Unanswered(CloudRequest request, Exception inner) => new(
        $"The cloud's {request.Service.Name} service does not answer: it could not {request.Purpose}.",
        isTransient: true,
        inner,
        $"{request.Service.Name}: {request.Method} {request.Route}: {inner.GetType().Name}: {inner.Message}");

    public static bool IsQuota(ServiceError error) =>
        error.Type == "OverQuota"
        || error.Text.Contains("quota", StringComparison.OrdinalIgnoreCase)
        || error.Text.Contains("limit exceeded", StringComparison.OrdinalIgnoreCase)
        || error.Text.Contains("exceeds allowed", StringComparison.OrdinalIgnoreCase)
        || error.Text.Contains("Maximum number of", StringComparison.OrdinalIgnoreCase);

    private static string Details(CloudReply reply)
    {
        var (request, error) = (reply.Request, reply.Error);
        var said = string.Join(": ", new[] { error.Type, error.Text }.Where(part => part.Length > 0));
        return $"{request.Service.Name}: {request.Method} {request.Route}: {(int)reply.Status} {(HttpStatusCode)reply.Status}"
            + $", request {reply.RequestId ?? "without an id"}{(said.Length == 0 ? "" : ", " + said)}";
    }
}
