using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>A backup that was made.</summary>
public sealed record Taken(string Id, BackupDescription Description, DirectObjects Objects);

/// <summary>Backups made, and servers made of them.</summary>
public static class BackupTools
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>As the agent gives them to a restore.</summary>
    public static StoredBackup[] Stored(params IEnumerable<Taken> chain) =>
        [.. chain.Select(one => new StoredBackup(one.Id, one.Description.Document, one.Objects))];

    /// <summary>Makes one.</summary>
    public static async Task<Taken> TakeAsync(this TestInstance source, Taken? parent = null, DirectObjects? objects = null)
    {
        objects ??= new DirectObjects();
        var id = Guid.CreateVersion7().ToString();
        var made = await source.Datastore.Backups!.BackUpAsync(new BackupRequest(id, parent?.Description.Document), objects, None);
        return new Taken(id, made, objects);
    }

    /// <summary>A server that waits for its data.</summary>
    public static async Task<TestInstance> PreparedAsync(this DatastoreFixture fixture, TestInstance? target = null)
    {
        target ??= fixture.NewInstance();
        await target.Server.InitializeAsync(
            fixture.Settings(log: BinaryLogMode.Always) with { DataOrigin = DataOrigin.Restored }, None);
        return target;
    }

    /// <summary>Makes the data, twice as it may be asked for, and starts the server.</summary>
    public static async Task<TestInstance> RestoreAsync(this DatastoreFixture fixture, params Taken[] chain)
    {
        var target = await fixture.PreparedAsync();
        await target.Datastore.Backups!.RestoreAsync(Stored(chain), None);
        await target.Datastore.Backups!.RestoreAsync(Stored(chain), None);
        await target.Server.StartAsync(None);
        return target;
    }
}
