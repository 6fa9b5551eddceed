using System.Net;
using System.Net.Sockets;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary><c>access</c>: who may reach an instance.</summary>
/// <param name="IsPublic">It has an address that is reached from outside of the cloud; null: not said.</param>
/// <param name="AllowedCidrs">From where, separated by blanks; empty: from everywhere; null: not said.</param>
internal sealed record AccessField(bool? IsPublic, string? AllowedCidrs)
{
    private const int MostCidrs = 50;

    /// <summary>Reads it; null when it is not there.</summary>
    /// <exception cref="FaultException">It is not as it should be.</exception>
    public static AccessField? Read(JsonField instance)
    {
        if (instance.FindValue("access") is not { } access)
        {
            return null;
        }

        access.Only("is_public", "allowed_cidrs");
        return new AccessField(access.FindValue("is_public")?.Flag(), access.FindValue("allowed_cidrs") is { } field ? Cidrs(field) : null);
    }

    private static string Cidrs(JsonField field)
    {
        var cidrs = field.Items().Select(Cidr).ToList();
        return cidrs.Count <= MostCidrs && cidrs.Distinct(StringComparer.Ordinal).Count() == cidrs.Count
            ? string.Join(' ', cidrs)
            : throw field.Bad($"has more than {MostCidrs} items, or one of them twice");
    }

    private static string Cidr(JsonField field)
    {
        var text = field.Text(64);
        var whole = text.Contains('/', StringComparison.Ordinal) ? text : text + "/32";
        return IPNetwork.TryParse(whole, out var network) && network.BaseAddress.AddressFamily == AddressFamily.InterNetwork
            && network.ToString() == whole
            ? network.ToString()
            : throw field.Bad("is not an IPv4 network in the form 10.0.0.0/8, with no bits set behind the prefix");
    }
}
