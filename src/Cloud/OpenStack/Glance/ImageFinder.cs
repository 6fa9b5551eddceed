using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Glance;

/// <summary>Which image is meant: an id, <c>tags:a,b</c>, or a name.</summary>
internal sealed class ImageFinder(GlanceClient glance, string usual)
{
    private const string Tags = "tags:";

    /// <param name="word">As the datastore version says it; empty: the plane's usual one.</param>
    public async Task<string> IdOfAsync(string word, CancellationToken cancellationToken)
    {
        var wanted = word.Length == 0 ? usual : word;
        var image = Guid.TryParse(wanted, out _)
            ? await glance.FindImageAsync(wanted, cancellationToken)
            : await glance.FindNewestAsync(FilterOf(wanted), cancellationToken);
        return image is { Status: "active" } ? image.Id : throw new CloudException($"There is no image {wanted}.", isTransient: false);
    }

    private static string FilterOf(string word) => word.StartsWith(Tags, StringComparison.Ordinal)
        ? string.Join('&', word[Tags.Length..].Split(',').Select(tag => "tag=" + Uri.EscapeDataString(tag.Trim())))
        : "name=" + Uri.EscapeDataString(word);
}
