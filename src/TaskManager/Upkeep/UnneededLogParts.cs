using Dbaas.Cloud.Logs;
using Dbaas.Cloud.Ports;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>
/// What was published of logs goes when it is old, and with its instance. An object goes before what is known of it.
/// </summary>
public sealed class UnneededLogParts(LogObjects objects, IDatabase database, TimeProvider time) : IUpkeep
{
    private const int AtOnce = 100;

    /// <summary>As Trove keeps them.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <inheritdoc />
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        CloudException? fault = null;
        var now = time.GetUtcNow();
        var (expired, orphaned, emptied) = await database.ReadAsync(
            unit => (
                GuestLogRows.Expired(unit, (now - KeptFor).ToUnixTimeMilliseconds(), AtOnce),
                GuestLogRows.OfDeleted(unit, AtOnce),
                GuestLogRows.ToSweep(unit, now.ToUnixTimeMilliseconds(), AtOnce)),
            cancellationToken);
        foreach (var part in expired)
        {
            await DoAsync(
                () => objects.DeleteAsync(part.Place, part.Object, cancellationToken),
                unit => GuestLogRows.RemovePart(unit, part.LogId, part.Number));
        }

        foreach (var log in orphaned)
        {
            var known = await database.ReadAsync(unit => GuestLogRows.Parts(unit, log.Id), cancellationToken);
            await DoAsync(
                () => objects.RemoveAllAsync(log.Place, known.Select(part => part.Object), cancellationToken),
                unit => GuestLogRows.Bury(unit, log.Id, (now + StoredObjects.LateFor).ToUnixTimeMilliseconds()));
        }

        foreach (var log in emptied)
        {
            await DoAsync(
                () => objects.RemoveAllAsync(log.Place, [], cancellationToken), unit => GuestLogRows.Remove(unit, log.Id));
        }

        if (fault is not null)
        {
            throw fault;
        }

        async Task DoAsync(Func<Task> act, Action<IUnit> done)
        {
            try
            {
                await act();
                await database.WriteAsync(done, cancellationToken);
            }
            catch (CloudException e)
            {
                // One that the store refuses keeps no other from its turn.
                fault = e;
            }
        }
    }
}
