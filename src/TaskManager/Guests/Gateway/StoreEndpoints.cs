using System.Net.Mime;
using Dbaas.Cloud.Local.Objects;
using Dbaas.Cloud.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>Objects that are files of this service: an agent writes and reads them here, with the ticket that it was given.</summary>
internal static class StoreEndpoints
{
    private const long LargestObject = 64 * 1024 * 1024;

    /// <summary>For one object.</summary>
    public static TakesLong Limit { get; } = new(TimeSpan.FromMinutes(2));

    /// <summary>For one object.</summary>
    public static IRequestSizeLimitMetadata Size { get; } = new ObjectLimit();

    public static async Task<IResult> WriteAsync(HttpContext context, string place, string name)
    {
        // Other stores have addresses of their own.
        if (context.RequestServices.GetService<FileObjects>() is not { } store)
        {
            return Results.NotFound();
        }

        var wanted = new StoredName(place, name);
        if (!store.IsAllowed(wanted, ObjectUse.Write, context.Request.Headers[ObjectTickets.Header]))
        {
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        var hash = context.Request.Headers[FileObjects.HashHeader].ToString();
        return await store.ReceiveAsync(wanted, context.Request.Body, hash, context.RequestAborted) switch
        {
            WriteResult.Written => Results.StatusCode(StatusCodes.Status201Created),
            WriteResult.ThereIsOne => Results.StatusCode(StatusCodes.Status412PreconditionFailed),
            _ => Results.BadRequest(),
        };
    }

    public static async Task<IResult> ReadAsync(HttpContext context, string place, string name)
    {
        // Other stores have addresses of their own.
        if (context.RequestServices.GetService<FileObjects>() is not { } store)
        {
            return Results.NotFound();
        }

        var wanted = new StoredName(place, name);
        if (!store.IsAllowed(wanted, ObjectUse.Read, context.Request.Headers[ObjectTickets.Header]))
        {
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        await using var content = store.OpenRead(wanted);
        if (content is null)
        {
            return Results.NotFound();
        }

        context.Response.ContentType = MediaTypeNames.Application.Octet;
        context.Response.ContentLength = content.Length;
        await content.CopyToAsync(context.Response.Body, context.RequestAborted);
        return Results.Empty;
    }

    private sealed class ObjectLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => LargestObject;
    }
}
