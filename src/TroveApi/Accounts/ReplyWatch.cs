using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Microsoft.Extensions.Logging;

namespace Dbaas.TroveApi.Accounts;

/// <summary>Finds answers of guests that came to other processes, for all requests that wait here.</summary>
internal sealed class ReplyWatch(IDatabase database, ControlSignals signals, TimeProvider time, ILogger<ReplyWatch> logger)
    : SignalWatch(signals.Replies, LookEvery, time, logger)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    protected override async Task LookAsync(IReadOnlyCollection<string> waitedFor, CancellationToken cancellationToken)
    {
        foreach (var id in await database.ReadAsync(unit => CommandRows.Answered(unit, waitedFor), cancellationToken))
        {
            signals.Heard(SignalKind.Reply, id);
        }
    }
}
