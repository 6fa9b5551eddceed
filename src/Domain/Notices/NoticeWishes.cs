using System.Text.Json;
using Dbaas.Domain.Operations;

namespace Dbaas.Domain.Notices;

/// <summary>What others are told of an operation's goal when it begins, in Trove's words. No value is a secret.</summary>
public static class NoticeWishes
{
    /// <summary>The event says more than that the operation began.</summary>
    public static bool Has(string @event) =>
        @event is "dbaas.instance_resize_volume.start" or "dbaas.instance_resize_instance.start" or "dbaas.migrate.start";

    /// <summary>As JSON; null: there is nothing to tell.</summary>
    public static string? Of(Operation operation) => operation switch
    {
        { Goal: null } => null,
        { Kind: OperationKinds.ResizeVolume } => Text("new_size", Read<ResizeVolumeGoal>(operation).SizeGb),
        { Kind: OperationKinds.ResizeFlavor } => Text("new_flavor_id", Read<ResizeFlavorGoal>(operation).FlavorId),
        { Kind: OperationKinds.Migrate } => Text("host", Read<MigrateGoal>(operation).Host),
        _ => null,
    };

    /// <summary>What was written by <see cref="Of"/>.</summary>
    public static IReadOnlyDictionary<string, object?> Read(string? wanted) =>
        wanted is null ? new Dictionary<string, object?>() : JsonSerializer.Deserialize<Dictionary<string, object?>>(wanted)!;

    private static string Text(string trait, object? value) =>
        JsonSerializer.Serialize(new Dictionary<string, object?> { [trait] = value });

    private static T Read<T>(Operation operation) => JsonSerializer.Deserialize<T>(operation.Goal!, JsonSerializerOptions.Web)!;
}
