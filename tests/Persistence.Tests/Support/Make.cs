using Dbaas.Domain.Instances;
using Dbaas.Persistence.Rows;

namespace Dbaas.Persistence.Tests.Support;

/// <summary>Rows with what a test does not care about filled in.</summary>
internal static class Make
{
    public static Instance Instance(string id) => new()
    {
        Id = id,
        TenantId = "project",
        Name = "name",
        Created = 1,
        Updated = 1,
        DatastoreVersionId = "version",
        FlavorId = "small",
        MemoryMb = 256,
        VolumeSize = 1,
        Lifecycle = Lifecycle.Ready,
        Port = 3306,
        ServerNumber = 1001,
        BinaryLog = BinaryLogChoice.WhenReplicating,
    };

    /// <summary>A ready instance that nobody holds.</summary>
    public static async Task<string> InstanceAsync(ControlDatabase on, Func<Instance, Instance>? but = null)
    {
        var id = on.Ids.NewId();
        var instance = Instance(id);
        await on.Write(unit => InstanceRows.Insert(unit, but?.Invoke(instance) ?? instance));
        return id;
    }

    public static GuestCommandRow Command(string id, string instanceId) => new()
    {
        Id = id,
        InstanceId = instanceId,
        Kind = "create_users",
        Body = """{"password":"seven dwarfs"}""",
        DeadlineSeconds = 15,
        Created = 1,
        Expires = long.MaxValue,
    };
}
