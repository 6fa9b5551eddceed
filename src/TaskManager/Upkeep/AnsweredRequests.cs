using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>Removes users' requests to guests that nobody waits for any more.</summary>
internal sealed class AnsweredRequests(IDatabase database, TimeProvider time) : IUpkeep
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public Task LookAsync(CancellationToken cancellationToken)
    {
        var before = (time.GetUtcNow() - Kept).ToUnixTimeMilliseconds();
        return database.PruneAsync(
            (unit, limit) => RetentionRows.FindRequests(unit, before, limit),
            (unit, ids) => RetentionRows.RemoveRequests(unit, ids, before),
            cancellationToken);
    }
}
