using System.Text.Json.Nodes;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Instances;

/// <summary>An instance as rows of Property and Value, in alphabetical order.</summary>
internal static class InstanceProperties
{
    /// <summary>The answer to a creation: what was asked for, nothing that a new instance cannot have.</summary>
    private static readonly HashSet<string> OfCreation =
    [
        "configuration", "created", "datastore", "datastore_version", "flavor", "id", "name", "password",
        "slaveof", "status", "updated", "volume",
    ];

    public static IEnumerable<(string, string)> Created(JsonNode instance) =>
        All(instance).Where(row => OfCreation.Contains(row.Property));

    public static IEnumerable<(string Property, string Value)> All(JsonNode instance) =>
        instance.AsObject().SelectMany(Rows).DistinctBy(row => row.Property).OrderBy(row => row.Property, StringComparer.Ordinal);

    private static IEnumerable<(string Property, string Value)> Rows(KeyValuePair<string, JsonNode?> field)
    {
        var (name, value) = field;
        return name switch
        {
            "links" => [],
            "datastore" => [("datastore", Text("type")), ("datastore_version", Text("version"))],
            "flavor" or "configuration" => [(name, Text("id"))],
            "volume" => value.Text("used") is { } used ? [("volume", Text("size")), ("volume_used", used)] : [("volume", Text("size"))],

            // The same fact under its two names.
            "slaveOf" or "slave_of" or "replica_of" => [("slaveof", Text("id"))],
            "slaves" or "replicas" => [("slaves", string.Join(", ", Entries().Select(slave => slave.Text("id"))))],
            "addresses" => [(name, string.Join(", ", Entries().Select(Address)))],
            "backup_schedules" => [(name, string.Join(", ", Entries().Select(one => one.Text("name"))))],
            "operation" => [(name, OperationText.Of(value!))],
            "fault" => [("fault", Text("message")), ("fault_date", Text("created"))],
            "access" => [("public", Text("is_public"))],
            "restorable_times" =>
                [(name, string.Join("; ", Entries().Select(time => $"{time.Text("earliest")} to {time.Text("latest")}")))],
            "restored_to" => [("restored_to_gtid", Text("gtid")), ("restored_to_time", Text("time"))],
            _ => [(name, Anything(value))],
        };

        string Text(string inner) => value.Text(inner) ?? "";
        IEnumerable<JsonNode?> Entries() => value as JsonArray ?? [];
    }

    private static string Address(JsonNode? address) =>
        address.Text("type") is { } type ? $"{address.Text("address")} ({type})" : address.Text("address") ?? "";

    private static string Anything(JsonNode? value) => value switch
    {
        null => "",
        JsonValue => value.Text() ?? "",
        JsonArray array when array.All(item => item is JsonValue) => string.Join(", ", array.Select(item => item.Text())),
        _ => JsonText.OneLine(value),
    };
}
