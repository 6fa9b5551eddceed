using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dbaas.TroveApi.Http;

/// <summary>The id by which a request is found again, as OpenStack's services have it.</summary>
internal static partial class RequestIds
{
    public const string Header = "x-openstack-request-id";

    private static readonly Func<ILogger, string, IDisposable?> Scope = LoggerMessage.DefineScope<string>("{RequestId}");

    /// <summary>The id that the caller gave it; null: none, or none that may stand in a log.</summary>
    public static string? Of(HttpRequest request) =>
        request.Headers[Header] is [{ } given] && Form().IsMatch(given) ? given : null;

    /// <summary>What is logged meanwhile is this request's.</summary>
    public static IDisposable? BeginScope(ILogger log, string requestId) => Scope(log, requestId);

    [GeneratedRegex(@"\Areq-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\z")]
    private static partial Regex Form();
}
