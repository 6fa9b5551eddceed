using Dbaas.Cloud.OpenStack.Session;

namespace Dbaas.OpenStack.Tier;

/// <summary>Where the lab's services really are, by type.</summary>
internal static class LabEndpoints
{
    public static async Task<Dictionary<string, Uri>> OfAsync(LabOptions options)
    {
        using var raw = Lab.Raw(options with { Through = null });
        var catalogue = (await raw.GetAsync(CloudService.Identity, "auth/catalog"))["catalog"]!.AsArray();
        var found = catalogue.ToDictionary(
            service => service!["type"]!.GetValue<string>(),
            service => new Uri(service!["endpoints"]!.AsArray().First(one => one!["interface"]!.GetValue<string>() == "public")!["url"]!.GetValue<string>()));
        return new[] { "identity", "compute", "network", "volumev3", "image" }.ToDictionary(type => type, type => found[type]);
    }
}
