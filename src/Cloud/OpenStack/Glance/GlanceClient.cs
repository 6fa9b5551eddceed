using System.Text.Json.Serialization;
using Dbaas.Cloud.OpenStack.Session;

namespace Dbaas.Cloud.OpenStack.Glance;

/// <summary>An image.</summary>
internal sealed record GlanceImage(string Id, string Name, string Status);

internal sealed record GlanceImagesReply(IReadOnlyList<GlanceImage> Images);

/// <summary>Glance: images are looked for, never made.</summary>
internal sealed class GlanceClient(CloudSession session)
{
    public async Task<GlanceImage?> FindImageAsync(string id, CancellationToken cancellationToken) =>
        (await session.SendAsync(
            new CloudRequest(CloudService.Images, HttpMethod.Get, "v2/images/" + Uri.EscapeDataString(id), "show the image"),
            cancellationToken))
            .ReadOrNull(GlanceJson.Default.GlanceImage);

    /// <param name="filter">As a query says it.</param>
    public async Task<GlanceImage?> FindNewestAsync(string filter, CancellationToken cancellationToken) =>
        (await session.SendAsync(
            new CloudRequest(
                CloudService.Images, HttpMethod.Get, $"v2/images?{filter}&status=active&sort=created_at:desc&limit=1", "list images"),
            cancellationToken))
            .Read(GlanceJson.Default.GlanceImagesReply).Images is [var newest, ..]
            ? newest
            : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(GlanceImage))]
[JsonSerializable(typeof(GlanceImagesReply))]
internal sealed partial class GlanceJson : JsonSerializerContext;
