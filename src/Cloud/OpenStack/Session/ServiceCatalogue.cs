using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Session;

/// <summary>Where the services are, as Keystone says with a token, or as the options say instead.</summary>
internal sealed class ServiceCatalogue(IReadOnlyList<CatalogueService> services, CloudOptions options)
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
                .Where(one => one.Interface == options.Interface && (options.Region is null || one.Region == options.Region))
                .ToList();
            if (offered.Select(one => one.Region).Distinct().Count() > 1)
            {
                // The first of each service might be another region each time.
                throw new CloudException(
                    "The cloud has several regions "
                        + $"({string.Join(", ", offered.Select(one => one.Region).Distinct().Order())}): "
                        + "the configuration must name one as Region.",
                    isTransient: false);
            }

            if (offered.Count > 0)
            {
                return WithSlash(offered[0].Url);
            }
        }

        throw new CloudException(
            $"The cloud offers no {service.Name} service.",
            isTransient: false,
            details: $"No {options.Interface} endpoint of type {service.Types[0]} in region {options.Region ?? "(any)"}.");
    }

    private static Uri WithSlash(string url) => new(url.TrimEnd('/') + "/");
}
