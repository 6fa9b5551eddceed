using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>Removes users' requests to guests that nobody waits for any more.</summary>
internal sealed class AnsweredRequests(IDatabase database, TimeProvider time) : IUpkeep
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public Task LookAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit => CommandRows.Prune(unit, (time.GetUtcNow() - Kept).ToUnixTimeMilliseconds()), cancellationToken);
}
