using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.MySql.Logs;

/// <summary>The general, the slow query and the error log.</summary>
internal sealed class MySqlLogs(IReadOnlyList<LogFiles> logs, LogSwitches switches, MemberStore member, Turns turns, TimeProvider time)
    : ILogs
{
    public Task<IReadOnlyList<GuestLog>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<GuestLog>>(
    [
        .. logs.Select(log =>
        {
            var (first, end) = log.Range;
            return new GuestLog(log.Kind.Name, log.Kind.Switch is not null, switches.IsEnabled(log.Kind), first, end);
        }),
    ]);

    public Task EnableAsync(string name, bool enabled, CancellationToken cancellationToken)
    {
        var kind = Of(name).Kind;
        if (kind.Switch is null)
        {
            throw Faults.Precondition($"The log {name} is always written: it can neither be enabled nor disabled.");
        }

        return member.Settings is null
            ? throw Faults.Precondition("This instance was not prepared.")
            : turns.CallAsync(() => switches.EnableAsync(kind, enabled, cancellationToken));
    }

    public Task<LogPiece> ReadAsync(string name, long from, int mostBytes, CancellationToken cancellationToken) =>
        new LogReader(Of(name), time).ReadAsync(from, mostBytes, cancellationToken);

    private LogFiles Of(string name) => logs.FirstOrDefault(log => log.Kind.Name == name)
        ?? throw Faults.NotFound($"There is no log '{name}'; there are {string.Join(", ", logs.Select(log => log.Kind.Name))}.");
}
