using System.Text.Json.Nodes;
using Dbaas.Cloud.OpenStack.Session;

namespace Dbaas.Cloud.OpenStack.Cinder;

/// <summary>Cinder, version 3.</summary>
internal sealed class CinderClient(CloudSession session)
{
    private const int PageSize = 500;

    /// <summary>Attachments (3.27), and extension of a volume that is in use (3.42).</summary>
    private const string Version = "3.42";

    /// <param name="name">Only those of this name; null: all.</param>
    public async Task<IReadOnlyList<CinderVolume>> ListVolumesAsync(string? name, CancellationToken cancellationToken)
    {
        var all = new List<CinderVolume>();
        var filter = name is null ? "" : "&name=" + Uri.EscapeDataString(name);
        while (true)
        {
            var marker = all.Count == 0 ? "" : "&marker=" + all[^1].Id;
            var page = (await SendAsync(
                HttpMethod.Get, $"volumes/detail?limit={PageSize}{filter}{marker}", "list volumes", null, cancellationToken))
                .Read(CinderJson.Default.CinderVolumesReply);
            all.AddRange(page.Volumes);
            if (page.Volumes.Count == 0 || page.Links?.Any(link => link.Rel == "next") != true)
            {
                return all;
            }
        }
    }

    public async Task<CinderVolume?> FindVolumeAsync(string id, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Get, "volumes/" + id, "show the volume", null, cancellationToken))
            .ReadOrNull(CinderJson.Default.CinderVolumeReply)?.Volume;

    public Task<CloudReply> CreateVolumeAsync(JsonObject volume, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "volumes", "make the volume", new JsonObject { ["volume"] = volume }, cancellationToken);

    public static CinderVolume VolumeIn(CloudReply made) => made.Read(CinderJson.Default.CinderVolumeReply).Volume;

    public Task<CloudReply> DeleteVolumeAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, "volumes/" + id, "delete the volume", null, cancellationToken);

    public Task<CloudReply> ExtendVolumeAsync(string id, int sizeGb, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Post,
        $"volumes/{id}/action",
        "extend the volume",
        new JsonObject { ["os-extend"] = new JsonObject { ["new_size"] = sizeGb } },
        cancellationToken);

    /// <summary>Sets one label and leaves the others.</summary>
    public async Task SetLabelAsync(string id, string label, string value, CancellationToken cancellationToken) => (await SendAsync(
        HttpMethod.Put,
        $"volumes/{id}/metadata/{label}",
        "label the volume",
        new JsonObject { ["meta"] = new JsonObject { [label] = value } },
        cancellationToken)).Required();

    public Task<CloudReply> RemoveLabelAsync(string id, string label, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"volumes/{id}/metadata/{label}", "label the volume", null, cancellationToken);

    public Task<CloudReply> DeleteAttachmentAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, "attachments/" + id, "detach the volume", null, cancellationToken);

    public async Task<IReadOnlyList<CinderType>> ListTypesAsync(CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Get, "types", "list volume types", null, cancellationToken))
            .Read(CinderJson.Default.CinderTypesReply).Types;

    public async Task<IReadOnlyList<string>> ListZonesAsync(CancellationToken cancellationToken) =>
        [.. (await SendAsync(HttpMethod.Get, "os-availability-zone", "list availability zones", null, cancellationToken))
            .Read(CinderJson.Default.CinderZonesReply).Zones.Select(zone => zone.Name)];

    /// <summary>What Cinder has to say to users about the volume; null: nothing.</summary>
    public async Task<string?> LastMessageAsync(string id, CancellationToken cancellationToken)
    {
        var reply = await SendAsync(HttpMethod.Get, "messages?resource_uuid=" + id, "show the volume's messages", null, cancellationToken);
        return reply.IsSuccess
            ? reply.Read(CinderJson.Default.CinderMessagesReply).Messages.MaxBy(message => message.CreatedAt)?.UserMessage
            : null;
    }

    private Task<CloudReply> SendAsync(
        HttpMethod method, string path, string purpose, JsonObject? body, CancellationToken cancellationToken) =>
        session.SendAsync(
            new CloudRequest(CloudService.Volumes, method, path, purpose) { Version = Version, Body = body }, cancellationToken);
}
