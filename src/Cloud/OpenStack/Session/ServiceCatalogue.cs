using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Session;

/// <summary>Where the services are, as Keystone says with a token, or as the options say instead.</summary>
internal sealed class ServiceCatalogue(IReadOnlyList<CatalogueService> services, OpenStackOptions options)
{
    /// <summary>Ends with a slash, so that paths can be put behind it.</summary>
    public Uri EndpointOf(CloudService service)
    {
        foreach (var type in service.Types)
        {
            if (options.Endpoints.TryGetValue(type, out var given))
            {
                return WithSlash(given.AbsoluteUri);
            }

            var offered = services.Where(one => one.Type == type).SelectMany(one => one.Endpoints)
                .FirstOrDefault(one => one.Interface == options.Interface && (options.Region is null || one.Region == options.Region));
            if (offered is not null)
            {
                return WithSlash(offered.Url);
            }
        }

        throw new CloudException(
            $"The cloud offers no {service.Name} service.",
            isTransient: false,
            details: $"No {options.Interface} endpoint of type {service.Types[0]} in region {options.Region ?? "(any)"}.");
    }

    private static Uri WithSlash(string url) => new(url.TrimEnd('/') + "/");
}
