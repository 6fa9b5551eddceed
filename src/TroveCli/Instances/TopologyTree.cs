using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Instances;

/// <summary>The members of a replication set under the one that they follow.</summary>
internal static class TopologyTree
{
    public static IReadOnlyList<TreeLine> Of(JsonNode topology)
    {
        var members = topology.Items("members").ToList();
        var ids = members.Select(member => member.Text("id")).ToHashSet();

        // A master that the answer does not list must not hide its slaves.
        var tops = members.Where(member => Master(member) is not { } master || !ids.Contains(master)).ToList();
        return [.. tops.Select(top => Line(top, members))];
    }

    private static TreeLine Line(JsonNode member, IReadOnlyList<JsonNode> members)
    {
        var id = member.Text("id");
        var slaves = members.Where(other => Master(other) == id).ToList();
        var role = Master(member) is not null ? "slave" : slaves.Count > 0 ? "master" : null;
        string?[] parts =
        [
            member.Text("name"), id, member.Text("status"), Health(member), role, ReadOnly(member), Lag(member),
            member["operation"] is { } operation ? OperationText.Of(operation) : null,
        ];
        return new TreeLine(
            string.Join("  ", parts.Where(part => part is not null)),
            [.. slaves.Select(slave => Line(slave, [.. members.Where(other => other != member)]))]);
    }

    private static string? Master(JsonNode member) => member["mysql"].Items("slave_of").FirstOrDefault().Text("id");

    private static string? Health(JsonNode member) => member.Text("operating_status") is { Length: > 0 } health ? health : null;

    private static string? ReadOnly(JsonNode member) => member.Text("mysql", "read_only") switch
    {
        "true" => "read-only",
        "false" => "writable",
        _ => null,
    };

    private static string? Lag(JsonNode member)
    {
        if (Master(member) is null)
        {
            return null;
        }

        return (member.Number("mysql", "lag_seconds") ?? member.Number("lag_seconds")) is { } lag
            ? string.Create(CultureInfo.InvariantCulture, $"{lag:0.#} s behind")
            : "lag unknown";
    }
}
