using Dbaas.Cloud.Ports;
using Dbaas.GuestProtocol.Channel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>An agent asks where the objects of a backup are.</summary>
internal static class ObjectEndpoint
{
    // Long enough for one object over a slow line, and short: an address is a permission.
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);

    public static async Task<IResult> FindAsync(HttpContext context, IGuestDirectory directory)
    {
        var guest = Guest.Of(context)!;
        var request = await GuestGateway.ReadAsync<ObjectRequest>(context);
        var home = await directory.FindHomeAsync(guest.InstanceId, request, context.RequestAborted);
        if (home is null)
        {
            // No offence: the operation may have ended a moment ago.
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        if (home.Location is not null)
        {
            return GuestGateway.Json(new ObjectAnswer([.. request.Names.Select(name => ForeignParts.PlaceOf(request, name))]));
        }

        var store = context.RequestServices.GetRequiredService<IObjects>();
        var use = request.Access == ObjectAccess.Write ? ObjectUse.Write : ObjectUse.Read;
        var places = new List<ObjectPlace>();
        foreach (var name in request.Names)
        {
            var address = await store.AddressAsync(new StoredName(home.Place, name), use, GoodFor, context.RequestAborted);
            places.Add(new ObjectPlace(address.Url, address.Headers));
        }

        return GuestGateway.Json(new ObjectAnswer(places));
    }
}
