using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Dbaas.Identity.BuiltIn;

/// <summary>An answer other than what was asked for, in Keystone's form.</summary>
internal sealed class IdentityFault(int code, string message) : Exception(message)
{
    public int Code => code;

    /// <summary>When it makes sense to try again; null: it is not a matter of time.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    public static IdentityFault Unauthorized() => new(401, "The request you have made requires authentication.");

    /// <summary>There are passwords and tokens here, and no application credentials. Keystone's own sentence.</summary>
    public static IdentityFault OtherMethod() => new(401, "Attempted to authenticate with an unsupported method.");

    public static IdentityFault Bad(string message) => new(400, message);

    public static IdentityFault Forbidden() => new(403, "You are not authorized to perform the requested action.");

    public static IdentityFault TooMany(TimeSpan pause) =>
        new(429, "There were too many failed logins from this address.") { RetryAfter = pause };

    public static IdentityFault NotFound(string what) => new(404, $"Could not find {what}.");

    public static Task WriteAsync(HttpContext context, int code, string message, string identityEndpoint)
    {
        context.Response.StatusCode = code;
        if (code == 401)
        {
            context.Response.Headers.WWWAuthenticate = $"Keystone uri=\"{identityEndpoint}\"";
        }

        return context.Response.WriteAsJsonAsync(
            new Dictionary<string, object>
            {
                ["error"] = new Dictionary<string, object>
                {
                    ["code"] = code, ["message"] = message, ["title"] = ReasonPhrases.GetReasonPhrase(code),
                },
            });
    }
}
