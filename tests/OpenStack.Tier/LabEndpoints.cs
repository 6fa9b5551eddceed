using System.Text.Json.Nodes;
using Dbaas.Cloud.OpenStack.Session;

namespace Dbaas.OpenStack.Tier;

/// <summary>Where the lab's services really are, by type.</summary>
internal static class LabEndpoints
{
    public static async Task<Dictionary<string, Uri>> OfAsync(LabOptions options)
    {
        using var raw = Lab.Raw(options with { Through = null });
        var catalogue = (await raw.GetAsync(CloudService.Identity, "auth/catalog"))["catalog"]!.AsArray();
        return new[] { "identity", "compute", "network", "volumev3", "image" }
            .ToDictionary(type => type, type => AddressIn(catalogue, type));
    }

    // Other tests may be putting services into the catalogue: those have no endpoints for a moment.
    private static Uri AddressIn(JsonArray catalogue, string type)
    {
        var service = catalogue.First(service => (string?)service!["type"] == type)!;
        return new Uri(service["endpoints"]!.AsArray().First(one => (string?)one!["interface"] == "public")!["url"]!.GetValue<string>());
    }
}
