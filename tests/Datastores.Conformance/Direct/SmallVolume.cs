using Dbaas.Testing;

namespace Dbaas.Datastores.Conformance.Direct;

/// <summary>A small file system in the place of an instance's volume. With it goes the server that uses it.</summary>
public sealed class SmallVolume : IAsyncDisposable
{
    private readonly TestInstance _instance;
    private readonly SmallFileSystem _volume;

    private SmallVolume(TestInstance instance, SmallFileSystem volume) => (_instance, _volume) = (instance, volume);

    /// <summary>In the place of a volume that is empty yet.</summary>
    public static async Task<SmallVolume> MakeAsync(TestInstance instance, int megabytes) =>
        new(instance, await SmallFileSystem.MakeAsync(instance.Host.VolumePath, megabytes));

    /// <summary>Takes what is free but for so many megabytes.</summary>
    public Task LeaveAsync(int megabytes) => _volume.LeaveAsync(megabytes);

    /// <summary>Takes every block that the database's user could still have; a little is kept for the agent's records.</summary>
    public void TakeAll() => _volume.TakeAll();

    /// <summary>Gives back what was taken.</summary>
    public void MakeRoom() => _volume.MakeRoom();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _instance.Datastore.DisposeAsync();
        await _instance.Supervisor.StopAsync(TimeSpan.Zero, CancellationToken.None);
        await _volume.DisposeAsync();
    }
}
