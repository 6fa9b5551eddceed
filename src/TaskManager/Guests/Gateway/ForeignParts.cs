using System.Globalization;
using System.Net.Mime;
using Dbaas.Cloud.Ports;
using Dbaas.GuestProtocol.Channel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>
/// Parts of objects that another service stored: an agent reads them here, while it works on the command that it names. It gets no address
/// in that service's store.
/// </summary>
internal static class ForeignParts
{
    /// <summary>For one part.</summary>
    public static TakesLong Limit { get; } = new(TimeSpan.FromMinutes(2));

    public static ObjectPlace PlaceOf(ObjectRequest request, string name) => new(
        QueryHelpers.AddQueryString(
            Routes.ForeignParts,
            new Dictionary<string, string?> { ["command"] = request.CommandId, ["backup"] = request.BackupId, ["name"] = name }),
        new Dictionary<string, string>());

    public static async Task<IResult> ReadAsync(
        HttpContext context, IGuestDirectory directory, string command, string backup, string name)
    {
        var request = new ObjectRequest(command, backup, ObjectAccess.Read, [name]);
        var home = await directory.FindHomeAsync(Guest.Of(context)!.InstanceId, request, context.RequestAborted);
        if (home is null)
        {
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        if (home is not { Location: { } location, Objects: { Foreign: { } foreign } objects }
            || !int.TryParse(name[(objects.Run.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number >= objects.Parts)
        {
            return Results.NotFound();
        }

        var store = context.RequestServices.GetRequiredService<IForeignObjects>();
        var offset = (long)number * foreign.PartBytes;
        var size = (int)Math.Min(foreign.PartBytes, objects.Bytes - offset);
        try
        {
            return await store.ReadAsync(location, offset, size, context.RequestAborted) is { } part
                ? Results.Bytes(part, MediaTypeNames.Application.Octet)
                : InVain($"There is no object at {location} any more, or it is shorter than it was.");
        }
        catch (CloudException e) when (!e.IsTransient)
        {
            return InVain(e.Message);
        }
    }

    /// <summary>However often it is asked for: with the reason, for whoever waits for it.</summary>
    private static IResult InVain(string why) => Results.Text(why, statusCode: StatusCodes.Status409Conflict);
}
