using System.Text.Json.Nodes;
using Dbaas.Cloud.OpenStack.Session;

namespace Dbaas.Cloud.OpenStack.Nova;

/// <summary>Nova: what we ask of it, and no more. Each call is written for one microversion.</summary>
internal sealed class NovaClient(CloudSession session)
{
    private const int PageSize = 500;

    /// <summary>The last that shows the flavor's id with a server; tags can be asked for (2.26).</summary>
    private const string Showing = "2.46";

    /// <summary>Tags at creation (2.52), one policy for each group of servers (2.64), the type of a root volume (2.67).</summary>
    private const string Making = "2.67";

    /// <summary>New user data (2.57).</summary>
    private const string Rebuilding = "2.57";

    /// <summary>A root volume is written anew (2.93, Zed).</summary>
    private const string RebuildingRootVolumes = "2.93";

    /// <summary>A move names its host (2.56).</summary>
    private const string Moving = "2.56";

    /// <summary>Actions say what went wrong (2.84).</summary>
    private const string Explaining = "2.84";

    public Task<IReadOnlyList<NovaServer>> ListServersAsync(IEnumerable<string> tags, CancellationToken cancellationToken) => PagesAsync(
        "servers/detail?tags=" + Uri.EscapeDataString(string.Join(',', tags)),
        "list servers",
        reply => reply.Read(NovaJson.Default.NovaServersReply) is var page
            ? (page.Servers, page.Links, page.Servers.Select(one => one.Id).LastOrDefault())
            : default,
        cancellationToken);

    public async Task<NovaServer?> FindServerAsync(string id, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Get, $"servers/{Uri.EscapeDataString(id)}", "show the server", Showing, null, cancellationToken))
            .ReadOrNull(NovaJson.Default.NovaServerReply)?.Server;

    /// <param name="body">The whole document: server, and hints for the scheduler.</param>
    public Task<CloudReply> CreateServerAsync(JsonObject body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "servers", "make the server", Making, body, cancellationToken);

    public static string IdIn(CloudReply made) => made.Read(NovaJson.Default.NovaMadeServerReply).Server.Id;

    public Task<CloudReply> DeleteServerAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"servers/{id}", "delete the server", Showing, null, cancellationToken);

    /// <param name="name">Nova's name for the action.</param>
    /// <param name="argument">What goes with it.</param>
    public Task<CloudReply> ActAsync(string id, string name, JsonNode? argument, string purpose, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"servers/{id}/action", purpose, Moving, new JsonObject { [name] = argument }, cancellationToken);

    public Task<CloudReply> RebuildAsync(
        string id, JsonObject rebuild, bool rootIsVolume, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Post,
        $"servers/{id}/action",
        "rebuild the server",
        rootIsVolume ? RebuildingRootVolumes : Rebuilding,
        new JsonObject { ["rebuild"] = rebuild },
        cancellationToken);

    /// <summary>Sets one label and leaves the others.</summary>
    public async Task SetLabelAsync(string id, string label, string value, CancellationToken cancellationToken) => (await SendAsync(
        HttpMethod.Put,
        $"servers/{id}/metadata/{label}",
        "label the server",
        Showing,
        new JsonObject { ["meta"] = new JsonObject { [label] = value } },
        cancellationToken)).Required();

    public async Task<string?> ConsoleAsync(string id, int lines, CancellationToken cancellationToken)
    {
        var reply = await ActAsync(id, "os-getConsoleOutput", new JsonObject { ["length"] = lines }, "show the console", cancellationToken);
        return reply.IsMissing || reply.IsConflict ? null : reply.Read(NovaJson.Default.NovaConsoleReply).Output;
    }

    /// <summary>What was done to the server, the latest first.</summary>
    public async Task<IReadOnlyList<NovaAction>> ListActionsAsync(string id, CancellationToken cancellationToken) =>
        (await SendAsync(
            HttpMethod.Get, $"servers/{id}/os-instance-actions", "show the server's history", Explaining, null, cancellationToken))
            .ReadOrNull(NovaJson.Default.NovaActionsReply)?.Actions ?? [];

    public async Task<NovaActionDetail?> FindActionAsync(string id, string requestId, CancellationToken cancellationToken) =>
        (await SendAsync(
            HttpMethod.Get,
            $"servers/{id}/os-instance-actions/{requestId}",
            "show the server's history",
            Explaining,
            null,
            cancellationToken))
            .ReadOrNull(NovaJson.Default.NovaActionReply)?.Action;

    public Task<CloudReply> AttachVolumeAsync(string id, string volumeId, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Post,
        $"servers/{id}/os-volume_attachments",
        "attach the volume",
        Showing,
        new JsonObject { ["volumeAttachment"] = new JsonObject { ["volumeId"] = volumeId } },
        cancellationToken);

    public Task<CloudReply> DetachVolumeAsync(string id, string volumeId, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Delete, $"servers/{id}/os-volume_attachments/{volumeId}", "detach the volume", Showing, null, cancellationToken);

    public async Task<NovaFlavor?> FindFlavorAsync(string id, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Get, $"flavors/{Uri.EscapeDataString(id)}", "show the flavor", null, null, cancellationToken))
            .ReadOrNull(NovaJson.Default.NovaFlavorReply)?.Flavor;

    public Task<IReadOnlyList<NovaFlavor>> ListFlavorsAsync(CancellationToken cancellationToken) => PagesAsync(
        "flavors/detail?sort_key=flavorid",
        "list flavors",
        reply => reply.Read(NovaJson.Default.NovaFlavorsReply) is var page
            ? (page.Flavors, page.Links, page.Flavors.Select(one => one.Id).LastOrDefault())
            : default,
        cancellationToken);

    public async Task<IReadOnlyList<NovaZone>> ListZonesAsync(CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Get, "os-availability-zone", "list availability zones", null, null, cancellationToken))
            .Read(NovaJson.Default.NovaZonesReply).Zones;

    public async Task<IReadOnlyList<NovaServerGroup>> ListServerGroupsAsync(CancellationToken cancellationToken)
    {
        var all = new List<NovaServerGroup>();
        while (true)
        {
            var page = (await SendAsync(
                    HttpMethod.Get,
                    $"os-server-groups?limit={PageSize}&offset={all.Count}",
                    "list server groups",
                    Making,
                    null,
                    cancellationToken))
                .Read(NovaJson.Default.NovaServerGroupsReply).Groups;
            all.AddRange(page);
            if (page.Count == 0)
            {
                return all;
            }
        }
    }

    public async Task<NovaServerGroup> CreateServerGroupAsync(
        string name, string policy, CancellationToken cancellationToken) => (await SendAsync(
        HttpMethod.Post,
        "os-server-groups",
        "make the server group",
        Making,
        new JsonObject { ["server_group"] = new JsonObject { ["name"] = name, ["policy"] = policy } },
        cancellationToken)).Read(NovaJson.Default.NovaServerGroupReply).Group;

    public Task<CloudReply> DeleteServerGroupAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"os-server-groups/{id}", "delete the server group", Making, null, cancellationToken);

    private async Task<IReadOnlyList<T>> PagesAsync<T>(
        string path,
        string purpose,
        Func<CloudReply, (IReadOnlyList<T> Items, IReadOnlyList<NovaLink>? Links, string? Last)> read,
        CancellationToken cancellationToken)
    {
        var all = new List<T>();
        var marker = "";
        while (true)
        {
            var reply = await SendAsync(HttpMethod.Get, $"{path}&limit={PageSize}{marker}", purpose, Showing, null, cancellationToken);
            var (items, links, last) = read(reply);
            all.AddRange(items);
            if (last is null || links?.Any(link => link.Rel == "next") != true)
            {
                return all;
            }

            marker = "&marker=" + Uri.EscapeDataString(last);
        }
    }

    private Task<CloudReply> SendAsync(
        HttpMethod method, string path, string purpose, string? version, JsonObject? body, CancellationToken cancellationToken) =>
        session.SendAsync(
            new CloudRequest(CloudService.Compute, method, path, purpose) { Version = version, Body = body }, cancellationToken);
}
