using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Dbaas.TroveApi.Http;

internal static class RateLimitAnswer
{
    public static Answer For(HttpContext context, TimeSpan wait, int perMinute)
    {
        var seconds = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.RetryAfter = seconds;
        return Answer.Json(
            json =>
            {
                json.WriteStartObject("overLimit");
                json.WriteNumber("code", 413);
                json.WriteString("message", "This request was rate-limited.");
                json.WriteString("details", $"Only {perMinute} {context.Request.Method} request(s) can be made to * every minute.");
                json.WriteString("retryAfter", seconds);
                json.WriteEndObject();
            },
            413);
    }
}
