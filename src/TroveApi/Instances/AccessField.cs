using System.Text.Json;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary><c>access</c>: the openstack client always sends it. What it says when nothing was asked for is accepted, anything else refused.</summary>
internal static class AccessField
{
    public static void Check(JsonField instance)
    {
        if (instance.FindValue("access") is not { } access)
        {
            return;
        }

        access.Only("is_public", "allowed_cidrs");
        var isAsked = access.FindValue("is_public") is { Element.ValueKind: not JsonValueKind.False }
            || access.FindValue("allowed_cidrs") is { } cidrs && cidrs.Items().Count > 0;
        if (isAsked)
        {
            throw FaultException.BadRequest("not available yet: access");
        }
    }
}
