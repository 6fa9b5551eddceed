using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Replication;
using MySqlConnector;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>
/// A copy of the running server's data in a folder beside it, by its own CLONE plug-in. It is not made for a stream: MySQL alone has no
/// tool that could do without.
/// </summary>
internal sealed class LocalClone(Flavor flavor, BackupParts parts)
{
    private const string Statement = "CLONE LOCAL DATA DIRECTORY";
    private const MySqlErrorCode TooManyClones = (MySqlErrorCode)3634;
    private const MySqlErrorCode NoSuchConnection = (MySqlErrorCode)1094;
    private const int MostLooks = 600;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestClone = TimeSpan.FromHours(24);

    /// <summary>Ends all that this server makes of itself; returns when there is none.</summary>
    public static async Task EndAllAsync(Session session, CancellationToken cancellationToken)
    {
        for (var looks = 0; looks < MostLooks; looks++)
        {
            var making = await session.TextsAsync(
                $"SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE '{Statement}%'", cancellationToken);
            if (making.Count == 0)
            {
                return;
            }

            foreach (var connection in making)
            {
                await KillAsync(session, connection, cancellationToken);
            }

            await Task.Delay(LookEvery, cancellationToken);
        }

        throw Faults.Transient("The server goes on with a copy of its data for a backup that is over.");
    }

    /// <param name="folder">Does not exist yet; its parent is the database user's.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DatastoreException">Precondition: the volume has no room for it, or it would lack rows.</exception>
    public async Task MakeAsync(string folder, CancellationToken cancellationToken)
    {
        await using var session = await parts.Connections.OpenAsync(cancellationToken);
        if (!await CloneTransfer.IsActiveAsync(session, cancellationToken))
        {
            throw Faults.Precondition(
                "The database server runs without its CLONE plug-in, as after a start on a full volume: restart it for backups.");
        }

        await CopiedTables.CheckAsync(flavor, session, "in a backup", cancellationToken);

        // The redo log is not copied.
        var redo = Path.Combine(parts.Layout.Data, "#innodb_redo");
        var size = OwnedFolder.SizeOf(parts.Layout.Data) - (Directory.Exists(redo) ? OwnedFolder.SizeOf(redo) : 0);
        parts.Room.CheckCopyFits(size);

        // The server makes one at a time, and a slave may be getting its data.
        var started = parts.Host.Time.GetTimestamp();
        while (!await TryMakeAsync(session, folder, cancellationToken))
        {
            if (parts.Host.Time.GetElapsedTime(started) > LongestWait)
            {
                throw Faults.Transient("The server makes a copy of its data for somebody else, and can make one at a time.");
            }

            await Task.Delay(TryEvery, parts.Host.Time, cancellationToken);
        }
    }

    private static async Task<bool> TryMakeAsync(Session session, string folder, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync($"{Statement} = {Sql.Literal(folder)}", LongestClone, cancellationToken);
            return true;
        }
        catch (DatastoreException e) when (e.InnerException is MySqlException { ErrorCode: TooManyClones })
        {
            return false;
        }
        catch (DatastoreException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Faults.Transient($"The data could not be copied for the backup. {e.Message}", e);
        }
    }

    private static async Task KillAsync(Session session, string connection, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync($"KILL {connection}", cancellationToken);
        }
        catch (DatastoreException e) when (e.InnerException is MySqlException { ErrorCode: NoSuchConnection })
        {
            // It has ended.
        }
    }
}
