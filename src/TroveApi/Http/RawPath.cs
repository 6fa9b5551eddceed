using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Dbaas.TroveApi.Http;

/// <summary>
/// The path as the client sent it. The server decodes it only in part (not <c>%2F</c>) and takes <c>..</c> away even where it was encoded,
/// so a user called <c>..</c> would name the instance itself: such paths are refused, and names are read from here.
/// </summary>
internal static partial class RawPath
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static string Segment(HttpContext context, int index)
    {
        var segments = Segments(context);
        return index < segments.Length ? Decode(segments[index]) : throw FaultException.NotFound("The resource could not be found.");
    }

    /// <exception cref="FaultException">A part of the path is <c>.</c> or <c>..</c>.</exception>
    public static void RefuseDots(HttpContext context)
    {
        foreach (var segment in Segments(context))
        {
            if (segment.Length is > 0 and <= 6 && Decode(segment) is "." or "..")
            {
                throw FaultException.BadRequest("A part of the path cannot be '.' or '..'.");
            }
        }
    }

    /// <summary>
    /// A deletion is about a path. What clients add to it by mistake is part of a name: <c>keep?old</c> is not <c>keep</c>.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="allowed">The one parameter that there may be, where a path has no such names; null: none.</param>
    /// <exception cref="FaultException">There is something else behind a question mark.</exception>
    public static void RefuseQueryOfDelete(HttpContext context, string? allowed)
    {
        if (HttpMethods.IsDelete(context.Request.Method) && context.Request.QueryString.HasValue
            && !(allowed is not null && context.Request.Query.Count == 1 && context.Request.Query[allowed].Count == 1))
        {
            throw FaultException.BadRequest("A DELETE has no query: encode '?' as %3F if it belongs to the name.");
        }
    }

    private static string[] Segments(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget is { Length: > 0 } raw
            ? raw
            : context.Request.Path.Value ?? "/";
        var path = target.Split('?', 2)[0];
        // The absolute form of a request line (through a proxy) names the host first.
        var host = path.IndexOf("://", StringComparison.Ordinal);
        if (!path.StartsWith('/') && host > 0)
        {
            var start = path.IndexOf('/', host + 3);
            path = start < 0 ? "/" : path[start..];
        }

        return Networks().Replace(path[1..], "%2F").Split('/');
    }

    private static string Decode(string segment)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(segment)];
        var length = 0;
        for (var i = 0; i < segment.Length; i++)
        {
            if (segment[i] != '%')
            {
                length += Encoding.UTF8.GetBytes(segment, i, 1, bytes, length);
            }
            else if (i + 2 < segment.Length && char.IsAsciiHexDigit(segment[i + 1]) && char.IsAsciiHexDigit(segment[i + 2]))
            {
                bytes[length++] = Convert.FromHexString(segment.AsSpan(i + 1, 2))[0];
                i += 2;
            }
            else
            {
                // Clients that send a name such as 'user@%' as it is mean the character itself.
                bytes[length++] = (byte)'%';
            }
        }

        try
        {
            return Strict.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            throw FaultException.BadRequest("The path is not valid UTF-8.");
        }
    }

    /// <summary>A part of a path: what is behind the slash in a user's network.</summary>
    [GeneratedRegex(@"^[0-9.]+\z")]
    public static partial Regex Mask();

    /// <summary>The slash in <c>users/app@10.1.0.0/255.255.0.0</c>.</summary>
    [GeneratedRegex("(?<=/users/[^/]*(?:@|%40)[0-9.]+)/(?=[0-9.]+(?:/|$))")]
    private static partial Regex Networks();
}
