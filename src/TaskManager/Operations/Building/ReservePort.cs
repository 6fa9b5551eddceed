using System.Net;
using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.Domain.Instances;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Servers;

namespace Dbaas.TaskManager.Operations.Building;

/// <summary>The port comes first and is handed to the server, so that a server made twice cannot get it twice.</summary>
internal sealed class ReservePort(INetworks networks) : PlaneStep<BuildState>
{
    public override string Name => "reserve address";

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var id = context.Operation.InstanceId;
        var instance = await context.ReadAsync(unit => InstanceRows.Find(unit, id)!, cancellationToken);
        var port = await networks.EnsurePortAsync(Spec(instance), cancellationToken);
        await context.WriteAsync(
            unit => InstanceChanges.SetAddresses(unit, id, port.Address.ToString(), Addresses.Shown(port)), cancellationToken);
        return Done(state);
    }

    public override async Task<UndoOutcome> UndoAsync(StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        await networks.DeletePortAsync(context.Operation.InstanceId, cancellationToken);
        return new UndoOutcome.Done();
    }

    private static PortSpec Spec(Instance instance)
    {
        var access = Addresses.AccessOf(instance);
        if (instance.Nics is null)
        {
            return new PortSpec { Key = instance.Id, Access = access };
        }

        using var document = JsonDocument.Parse(instance.Nics);
        var nic = document.RootElement.EnumerateArray().FirstOrDefault();
        return new PortSpec
        {
            Key = instance.Id,
            Project = instance.TenantId,
            Access = access,
            NetworkId = Text(nic, "network_id") ?? Text(nic, "net-id"),
            SubnetId = Text(nic, "subnet_id"),
            RequestedAddress = Text(nic, "ip_address") is { } address ? IPAddress.Parse(address) : null,
        };
    }

    private static string? Text(JsonElement nic, string name) =>
        nic.ValueKind == JsonValueKind.Object && nic.TryGetProperty(name, out var value) ? value.GetString() : null;
}
