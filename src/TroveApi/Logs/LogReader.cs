using Dbaas.Domain.Logs;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Accounts;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Logs;

/// <summary>A log as it is shown: what its guest says of it, and what was published.</summary>
internal sealed class LogReader(IDatabase database, GuestRequests guests)
{
    public async Task<IReadOnlyList<(GuestLog Log, LogStanding Standing)>> ListAsync(
        string instanceId, CancellationToken cancellationToken)
    {
        var there = await guests.AskAsync<GuestLogs>(instanceId, new ListLogs(), cancellationToken);
        var published = (await database.ReadAsync(unit => GuestLogRows.Of(unit, instanceId), cancellationToken))
            .ToDictionary(log => log.Name);
        return
        [
            .. there.Logs.Select(log => (
                log,
                LogStanding.Of(
                    new WrittenLog(log.IsChosen, log.IsEnabled, log.First, log.End), published.GetValueOrDefault(log.Name)))),
        ];
    }

    /// <exception cref="FaultException">There is no such log.</exception>
    public async Task<(GuestLog Log, LogStanding Standing)> FindAsync(
        string instanceId, string name, CancellationToken cancellationToken) =>
        (await ListAsync(instanceId, cancellationToken)).Where(one => one.Log.Name == name).ToList() is [var found]
            ? found
            : throw FaultException.NotFound($"The log {name} is not defined.");
}
