using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Instances;

/// <summary>What lists of instances show.</summary>
internal static class InstanceColumns
{
    /// <summary>Those of the reference design.</summary>
    public static IReadOnlyList<Column> OfUser { get; } =
    [
        new("ID", "id"),
        new("Name", "name"),
        new("Datastore", "datastore", "type"),
        new("Datastore Version", "datastore", "version"),
        new("Status", "status"),
        new("Flavor ID", "flavor", "id"),
        new("Size", one => one.Text("volume", "size") ?? "-"),
    ];

    public static Column Health { get; } = new("Health", one => one.Text("operating_status") is { Length: > 0 } health ? health : "-");

    public static Column Project { get; } = new("Tenant ID", "tenant_id");
}
