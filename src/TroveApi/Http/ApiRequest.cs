using System.Globalization;
using Dbaas.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dbaas.TroveApi.Http;

/// <summary>A request of somebody who was let in.</summary>
internal sealed class ApiRequest(HttpContext context, Caller caller, Links links)
{
    public Caller Caller => caller;

    /// <summary>The project that is asked about: the caller's own.</summary>
    public string Tenant => caller.ProjectId!;

    public bool IsAdmin => Policy.IsAdmin(caller);

    public Links Links => links;

    public CancellationToken Cancelled => context.RequestAborted;

    /// <summary>A part of the path that ids go into.</summary>
    public string Id(string name) => FindId(name)!;

    /// <summary>The same, where not every route has it.</summary>
    public string? FindId(string name) => (string?)context.GetRouteValue(name);

    /// <summary>A part of the path that holds a name of the user's choice, exactly as it was meant.</summary>
    /// <param name="index">Counted from 0, behind <c>/v1.0/{tenant}</c>.</param>
    public string Name(int index) => RawPath.Segment(context, index + 2);

    /// <summary>A parameter of the query; null: not given.</summary>
    public string? Query(string name) => context.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    public bool Flag(string name) => Query(name) is { } value && value.ToUpperInvariant() is "TRUE" or "1" or "YES" or "ON" or "T" or "Y";

    public Page Page(int pageSize)
    {
        var limit = pageSize;
        if (Query("limit") is { Length: > 0 } asked)
        {
            if (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out limit))
            {
                throw FaultException.BadRequest($"Limit must be an integer of 0 or more, not '{asked}'.");
            }

            limit = limit == 0 ? pageSize : Math.Min(limit, pageSize);
        }

        return new Page(limit, Query("marker") is { Length: > 0 } marker ? marker : null);
    }

    /// <summary>The address of this list's next page.</summary>
    public string NextPage(string marker) => links.Next(context.Request, marker);

    /// <summary>The JSON body.</summary>
    public Task<JsonField> BodyAsync() => JsonBody.ReadAsync(context);

    /// <summary>The JSON body; null when there is none.</summary>
    public async Task<JsonField?> OptionalBodyAsync() => await JsonBody.ReadOptionalAsync(context);
}
