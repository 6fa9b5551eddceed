using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>
/// Removes what ended long ago: operations, the history and the guests of deleted instances, and what is too old of all others' history.
/// Tombstones stay, but for those of hidden instances: users never knew of these.
/// </summary>
public sealed class Retention(IDatabase database, RetentionOptions options, TimeProvider time) : IUpkeep
{
    /// <inheritdoc />
    public TimeSpan Every => TimeSpan.FromMinutes(10);

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var ended = (time.GetUtcNow() - options.Operations).ToUnixTimeMilliseconds();
        await database.PruneAsync(
            (unit, limit) => RetentionRows.FindOperations(unit, ended, limit),
            (unit, ids) => RetentionRows.RemoveOperations(unit, ids, ended),
            cancellationToken);

        var deleted = (time.GetUtcNow() - options.HistoryOfDeleted).ToUnixTimeMilliseconds();
        await database.PruneAsync(
            (unit, limit) => RetentionRows.FindHistory(unit, deleted, limit), RetentionRows.RemoveHistory, cancellationToken);
        await database.PruneAsync(
            (unit, limit) => RetentionRows.FindGuests(unit, deleted, limit), RetentionRows.RemoveGuests, cancellationToken);
        var old = (time.GetUtcNow() - options.History).ToUnixTimeMilliseconds();
        await database.PruneAsync(
            (unit, limit) => RetentionRows.FindOldHistory(unit, old, limit), RetentionRows.RemoveHistory, cancellationToken);
        await database.PruneAsync(
            (unit, limit) => RetentionRows.FindVerifiers(unit, deleted, limit), RetentionRows.RemoveVerifiers, cancellationToken);
    }
}
