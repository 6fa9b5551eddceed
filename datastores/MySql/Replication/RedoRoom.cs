using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>
/// MariaDB's redo log while a backup tool reads it: larger. The tool reads it behind the server as the stream allows, and fails at its end
/// when the server has come round first. The server takes seconds for it, each way: a copy that is itself a matter of seconds goes without,
/// until one has failed.
/// </summary>
internal sealed class RedoRoom(DatastoreHost host, ServerLayout layout, ServerConnections connections)
{
    private const long Most = 1024L * 1024 * 1024;
    private const long QuickBytes = 512L * 1024 * 1024;

    private readonly Lock _gate = new();
    private int _readers;

    /// <summary>Its own size; null: it has that.</summary>
    private long? _usual;
    private volatile bool _wasOverrun;

    /// <summary>Around a run of the tool. Several runs share it.</summary>
    public async Task AroundAsync(Func<Task> run, CancellationToken cancellationToken)
    {
        if (_wasOverrun || OwnedFolder.SizeOf(layout.Data) > QuickBytes)
        {
            await InLargerLogAsync(run, cancellationToken);
            return;
        }

        try
        {
            await run();
        }
        catch (CopyFailedException e) when (e.IsOverrun)
        {
            _wasOverrun = true;
            throw;
        }
    }

    private async Task InLargerLogAsync(Func<Task> run, CancellationToken cancellationToken)
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
        var now = await session.NumberAsync("SELECT @@GLOBAL.innodb_log_file_size", cancellationToken);
        var wanted = Math.Min(Most, new DriveInfo(host.VolumePath).AvailableFreeSpace / 4) / 4096 * 4096;
        if (wanted > now)
        {
            _usual = now;
            await TryResizeAsync(session, wanted, cancellationToken);
        }
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
