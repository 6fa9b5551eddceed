using System.Net.Mime;
using Dbaas.TaskManager.Guests.Releases;
using Microsoft.AspNetCore.Http;

namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>An agent fetches another release of itself.</summary>
internal static class ReleaseEndpoint
{
    /// <summary>As long as an agent waits for it.</summary>
    public static TakesLong Limit { get; } = new(TimeSpan.FromMinutes(10));

    public static async Task<IResult> FetchAsync(HttpContext context, string sha256, AgentReleaseFile releases)
    {
        await using var program = releases.Open(sha256);
        if (program is null)
        {
            // Another node may have it, and this one soon: the agent asks there, and comes again.
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        // Here and not in a result, which would be written when the call's time limit is over already.
        context.Response.ContentType = MediaTypeNames.Application.Octet;
        context.Response.ContentLength = program.Length;
        await program.CopyToAsync(context.Response.Body, context.RequestAborted);
        return Results.Empty;
    }
}
