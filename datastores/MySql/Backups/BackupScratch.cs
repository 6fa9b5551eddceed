using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>
/// A folder on the volume for what a backup needs while it is made: one backup of an instance at a time. What an earlier run left there is
/// nobody's; the server outlives an agent that is killed, and may still be writing it.
/// </summary>
internal sealed class BackupScratch(
    Flavor flavor, DatastoreHost host, ServerLayout layout, ServerConnections connections, ServerRunner runner)
{
    private static readonly TimeSpan ClearWithin = TimeSpan.FromMinutes(2);

    /// <summary>Gives an empty folder of the database's user to some work, and takes it away at its end, whatever that is.</summary>
    public async Task<T> UseAsync<T>(Func<string, Task<T>> work, CancellationToken cancellationToken)
    {
        await ClearAsync(cancellationToken);
        try
        {
            OwnedFolder.Ensure(layout.BackupScratch, host.UserId);
            return await work(layout.BackupScratch);
        }
        finally
        {
            await SweepAsync();
        }
    }

    /// <summary>Removes what is there. What it does not manage is done by the next backup, or the next agent.</summary>
    public async Task SweepAsync()
    {
        using var deadline = new CancellationTokenSource(ClearWithin, host.Time);
        try
        {
            await ClearAsync(deadline.Token);
        }
        catch (Exception e) when (e is DatastoreException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            host.Log($"What a backup left on the volume could not be removed yet: {e.Message}");
        }
    }

    /// <summary>When nobody writes it any more.</summary>
    private async Task ClearAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(layout.BackupScratch))
        {
            OwnedFolder.Remove(layout.BackupScratch);
            return;
        }

        if (runner.State is SupervisedState.Running)
        {
            await using var session = await connections.OpenAsync(cancellationToken);
            await flavor.EndOwnCopiesAsync(session, cancellationToken);
        }

        OwnedFolder.Remove(layout.BackupScratch);
    }
}
