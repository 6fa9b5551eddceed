namespace Dbaas.TroveApi.Http;

/// <summary>Trove's names of faults.</summary>
internal static class FaultName
{
    public static string Of(int status) => status switch
    {
        400 => "badRequest",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "itemNotFound",
        405 => "badMethod",
        409 => "conflict",
        413 => "overLimit",
        415 => "badMediaType",
        422 => "unprocessableEntity",
        500 => "instanceFault",
        501 => "notImplemented",
        503 => "serviceUnavailable",
        _ => "serverError",
    };
}
