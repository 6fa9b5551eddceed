using Dbaas.Domain.Instances;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.CreateSlave;

/// <summary>While a slave waits for its master's doing: is the master still there?</summary>
internal sealed class MasterWatch(GuestOptions options)
{
    /// <returns>What to tell the user when it is not; null when it is.</returns>
    public async Task<string?> CheckAsync(StepContext context, string masterId, CancellationToken cancellationToken)
    {
        var (master, guest) = await context.ReadAsync(
            unit => (InstanceRows.Find(unit, masterId), GuestRows.Find(unit, masterId)), cancellationToken);
        return (master, guest) switch
        {
            (null or { Deleted: true }, _) => $"The master {masterId} does not exist any more. Delete this instance.",
            ({ Lifecycle: Lifecycle.Failed or Lifecycle.Broken }, _) =>
                $"The master {master.Name} is in ERROR. Delete this instance, and try again once the master works.",
            (_, { } heard) when heard.SilentFor > options.GivenUpAfter =>
                $"The master {master.Name} has not answered for {heard.SilentFor.TotalSeconds:0} seconds. "
                + "Delete this instance, and try again once the master works.",
            _ => null,
        };
    }
}
