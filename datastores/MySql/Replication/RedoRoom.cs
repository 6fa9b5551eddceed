using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>
/// MariaDB's redo log while a backup tool reads it. The tool reads it behind the server as the stream allows, and fails at its end
/// when the server has come round first. So it is made larger, which takes the server seconds, each way; not where it writes so little that
/// its log is large enough, until a copy has failed.
/// </summary>
internal sealed class RedoRoom(DatastoreHost host, ServerLayout layout, ServerConnections connections)
{
    private const long Most = 1024L * 1024 * 1024;
    private const string Written =
        "SELECT CAST(VARIABLE_VALUE AS SIGNED) FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'INNODB_LSN_CURRENT'";

    private static readonly TimeSpan LookFor = TimeSpan.FromSeconds(0.15);

    private readonly Lock _gate = new();
    private int _readers;

    /// <summary>Its own size; null: it has that.</summary>
    private long? _usual;
    private volatile bool _wasOverrun;

    /// <summary>Around a run of the tool. Several runs share it.</summary>
    public async Task AroundAsync(Func<Task> run, CancellationToken cancellationToken)
    {
        bool isFirst, isLast;
        lock (_gate)
        {
            isFirst = _readers++ == 0;
        }

        try
        {
            if (isFirst)
            {
                await GrowAsync(cancellationToken);
            }

            await run();
        }
        catch (CopyFailedException e) when (e.IsOverrun)
        {
            _wasOverrun = true;
            throw;
        }
        finally
        {
            lock (_gate)
            {
                isLast = --_readers == 0;
            }

            if (isLast && _usual is { } usual)
            {
                _usual = null;
                await TryResizeAsync(usual);
            }
        }
    }

    private async Task GrowAsync(CancellationToken cancellationToken)
    {
        await using var session = await connections.OpenAsync(cancellationToken);
        var now = await session.NumberAsync("SELECT @@GLOBAL.innodb_log_file_size", cancellationToken) ?? 0;
        var wanted = Math.Min(Most, new DriveInfo(host.VolumePath).AvailableFreeSpace / 4) / 4096 * 4096;
        if (wanted > now && (_wasOverrun || !await IsEnoughAsync(session, now, cancellationToken)))
        {
            _usual = now;
            await TryResizeAsync(session, wanted, cancellationToken);
        }
    }

    private async Task<bool> IsEnoughAsync(Session session, long size, CancellationToken cancellationToken)
    {
        var before = await session.NumberAsync(Written, cancellationToken);
        var begun = host.Time.GetTimestamp();
        await Task.Delay(LookFor, host.Time, cancellationToken);
        var after = await session.NumberAsync(Written, cancellationToken);
        return RedoNeed.IsMet(
            size, OwnedFolder.SizeOf(layout.Data), (double)(after - before ?? size) / host.Time.GetElapsedTime(begun).TotalSeconds);
    }

    private async Task TryResizeAsync(long size)
    {
        try
        {
            await using var session = await connections.OpenAsync(CancellationToken.None);
            await TryResizeAsync(session, size, CancellationToken.None);
        }
        catch (DatastoreException e)
        {
            // Why the run ended is what is to be heard.
            host.Log($"The redo log could not be given its own size again: {e.Message}");
        }
    }

    /// <summary>It only helps; the next start of the server gives the log its own size again.</summary>
    private async Task TryResizeAsync(Session session, long size, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync($"SET GLOBAL innodb_log_file_size = {size}", cancellationToken);
        }
        catch (DatastoreException e)
        {
            host.Log($"The redo log could not be given another size: {e.Message}");
        }
    }
}
