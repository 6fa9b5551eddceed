using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Logs;

/// <summary>
/// Whether the logs that users choose are written. On a volume that is nearly full none is: the database comes first, and no log is to be
/// what fills it.
/// </summary>
internal sealed class LogSwitches(
    DatastoreHost host, ServerLayout layout, ServerConnections connections, MemberStore member, ServerRunner runner, VolumeRoom room)
{
    private bool _isShort;

    public bool IsEnabled(LogKind kind) => kind.Switch is null || member.EnabledLogs.Has(kind);

    /// <summary>It is written now, or is about to be.</summary>
    public bool IsWanted(LogKind kind) => IsEnabled(kind) && !(kind.Switch is not null && _isShort);

    /// <summary>A server is not as it should be: a call was cut off, or there is no room any more, or again.</summary>
    public bool IsToBeSet(ServerAnswer answer)
    {
        _isShort = room.Free < (_isShort ? room.Reserve : room.Reserve / 2);
        return LogKind.Chosen.Any(kind => answer.WrittenLogs.Contains(kind.Switch!) != IsWanted(kind));
    }

    /// <summary>For this and every later start.</summary>
    public async Task EnableAsync(LogKind kind, bool isEnabled, CancellationToken cancellationToken)
    {
        member.EnabledLogs = member.EnabledLogs.With(kind, isEnabled);
        runner.WriteOptionFile();
        if (runner.State is SupervisedState.Running)
        {
            await SetAsync(cancellationToken);
        }
    }

    /// <summary>The server that runs, as it should be.</summary>
    public async Task SetAsync(CancellationToken cancellationToken)
    {
        await using var session = await connections.OpenAsync(cancellationToken);
        foreach (var kind in LogKind.Chosen)
        {
            if (!IsWanted(kind))
            {
                await session.ExecuteAsync($"SET GLOBAL {kind.Switch} = 0", cancellationToken);
                continue;
            }

            // A server that was started without these options has others.
            await session.ExecuteAsync("SET GLOBAL log_output = 'FILE'", cancellationToken);
            var file = Sql.Literal(Path.Combine(layout.Logs, kind.FileName));
            await session.ExecuteAsync($"SET GLOBAL {kind.FileOption} = {file}", cancellationToken);
            await session.ExecuteAsync($"SET GLOBAL {kind.Switch} = 1", cancellationToken);
        }

        if (_isShort && member.EnabledLogs.Names.Count > 0)
        {
            host.Tell("logs-paused", "The volume is nearly full: the general and the slow query log are not written until there is room.");
        }
    }
}
