using System.Text.Json.Nodes;

namespace Dbaas.OpenStack.Tier.Guests;

/// <summary>A server as Nova tells of it to administrators.</summary>
/// <param name="Id">Nova's.</param>
/// <param name="Status">In Nova's words.</param>
/// <param name="Boot">The action that it was last started by: another one means that it was started anew.</param>
/// <param name="Root">The action that its root disk comes from.</param>
/// <param name="MemoryMb">Of its present flavor.</param>
/// <param name="UserData">What its config drive holds.</param>
/// <param name="Volumes">Ids of what is attached.</param>
internal sealed record NovaView(
    string Id, string Status, string? Boot, string? Root, int MemoryMb, byte[] UserData, IReadOnlyList<string> Volumes)
{
    private static readonly string[] Running = ["ACTIVE", "VERIFY_RESIZE"];
    private static readonly string[] Roots = ["create", "rebuild", "evacuate"];
    private static readonly string[] Boots = [.. Roots, "start", "reboot", "resize", "revertResize", "migrate"];

    /// <summary>Between two states, and when it is being made, a server has no power.</summary>
    public bool HasPower => Running.Contains(Status) && Boot is not null && Root is not null;

    /// <param name="server">As in a list with details.</param>
    /// <param name="actions">Its actions, the newest first.</param>
    public static NovaView Of(JsonNode server, JsonArray actions)
    {
        var done = actions.Where(action => action!["message"] is null).ToList();
        string? Latest(string[] kinds) =>
            done.Find(action => kinds.Contains(action!["action"]!.GetValue<string>()))?["request_id"]!.GetValue<string>();
        return new NovaView(
            server["id"]!.GetValue<string>(),
            server["status"]!.GetValue<string>(),
            Latest(Boots),
            Latest(Roots),
            server["flavor"]!["ram"]!.GetValue<int>(),
            Convert.FromBase64String(server["OS-EXT-SRV-ATTR:user_data"]?.GetValue<string>() ?? ""),
            [.. server["os-extended-volumes:volumes_attached"]!.AsArray().Select(one => one!["id"]!.GetValue<string>())]);
    }
}
