using System.Net;
using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.Building;

/// <summary>The port comes first and is handed to the server, so that a server made twice cannot get it twice.</summary>
internal sealed class ReservePort(INetworks networks) : Step<BuildState>
{
    public override string Name => "reserve address";

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var id = context.Operation.InstanceId;
        var instance = await context.ReadAsync(unit => InstanceRows.Find(unit, id)!, cancellationToken);
        var address = await networks.EnsurePortAsync(id, Requested(instance.Nics), cancellationToken);
        await context.WriteAsync(unit => InstanceChanges.SetAddress(unit, id, address.ToString()), cancellationToken);
        return Done(state);
    }

    public override async Task<UndoOutcome> UndoAsync(StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        await networks.DeletePortAsync(context.Operation.InstanceId, cancellationToken);
        return new UndoOutcome.Done();
    }

    private static IPAddress? Requested(string? nics)
    {
        if (nics is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(nics);
        return document.RootElement.EnumerateArray()
            .Select(nic => nic.TryGetProperty("ip_address", out var address) ? address.GetString() : null)
            .Where(address => address is not null)
            .Select(address => IPAddress.Parse(address!))
            .FirstOrDefault();
    }
}
