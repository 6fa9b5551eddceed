using Dbaas.Identity;

namespace Dbaas.TroveApi.Http;

/// <summary>Who may do what. The one place that looks at roles.</summary>
internal static class Policy
{
    private const string Admin = "admin";
    private const string Member = "member";
    private const string Reader = "reader";

    /// <summary>The request only looks.</summary>
    public static bool IsReading(string method) => method is "GET" or "HEAD";

    public static bool IsAdmin(Caller caller) => Has(caller, Admin);

    /// <exception cref="FaultException">The caller may not.</exception>
    public static void Check(Caller caller, string method, string rule)
    {
        var isAllowed = Has(caller, Admin) || Has(caller, Member) || (Has(caller, Reader) && IsReading(method));
        if (!isAllowed)
        {
            throw Denied(rule);
        }
    }

    /// <exception cref="FaultException">The caller is no administrator. Trove says so with 401.</exception>
    public static void RequireAdmin(Caller caller)
    {
        if (!IsAdmin(caller))
        {
            throw FaultException.Unauthorized("User does not have admin privileges.");
        }
    }

    public static FaultException Denied(string rule) => FaultException.Forbidden($"Policy doesn't allow {rule} to be performed.");

    private static bool Has(Caller caller, string role) => caller.Roles.Contains(role, StringComparer.OrdinalIgnoreCase);
}
