namespace Dbaas.TroveApi.Http;

/// <summary>The request ends with a fault: the one kind of exception that becomes an answer.</summary>
internal sealed class FaultException(int status, string message) : Exception(message)
{
    public int Status => status;

    public static FaultException BadRequest(string message) => new(400, message);

    public static FaultException Unauthorized(string message) => new(401, message);

    public static FaultException Forbidden(string message) => new(403, message);

    public static FaultException NotFound(string message) => new(404, message);

    public static FaultException NoSuch(string id) => new(404, $"Resource {id} cannot be found.");

    public static FaultException OverLimit(string message) => new(413, message);

    public static FaultException Unprocessable(string message) => new(422, message);

    public static FaultException NotYet(string what) => new(501, $"not available yet: {what}");

    /// <summary>Trove's answer to an action on an instance that is busy or not as it should be.</summary>
    public static FaultException NotAvailable(string instanceId, string status) =>
        Unprocessable(Domain.Instances.NotAvailable.Because(instanceId, status));
}
