using Dbaas.Domain.Instances;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.CreateSlave;

/// <summary>While a slave waits for its master's doing: is the master still there?</summary>
internal static class MasterWatch
{
    /// <summary>A master that was not heard of for so long is taken for dead, as far as this slave is concerned.</summary>
    private const long SilentMilliseconds = 60_000;

    /// <returns>What to tell the user when it is not; null when it is.</returns>
    public static async Task<string?> CheckAsync(StepContext context, string masterId, CancellationToken cancellationToken)
    {
        var (master, guest) = await context.ReadAsync(
            unit => (InstanceRows.Find(unit, masterId), GuestRows.Find(unit, masterId)), cancellationToken);
        return (master, guest) switch
        {
            (null or { Deleted: true }, _) => $"The master {masterId} does not exist any more. Delete this instance.",
            ({ Lifecycle: Lifecycle.Failed }, _) => $"The master {master.Name} is in ERROR. Delete this instance, and try again once the master works.",
            (_, { } heard) when context.Now - heard.LastSeen > SilentMilliseconds =>
                $"The master {master.Name} has not answered for {(context.Now - heard.LastSeen) / 1000} seconds. "
                + "Delete this instance, and try again once the master works.",
            _ => null,
        };
    }
}
