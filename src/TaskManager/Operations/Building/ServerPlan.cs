using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Cloud.Ports;
using Dbaas.GuestProtocol;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.Building;

/// <summary>The server of an instance as its row wants it.</summary>
internal sealed class ServerPlan(GuestAccess access)
{
    /// <param name="context">The step that makes it.</param>
    /// <param name="secret">What its agent enrols with.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<ServerSpec> MakeAsync(StepContext context, string secret, CancellationToken cancellationToken)
    {
        var id = context.Operation.InstanceId;
        var (instance, version, gateways) = await context.ReadAsync(
            unit =>
            {
                var row = InstanceRows.Find(unit, id)!;
                return (row, CatalogRows.Version(unit, row.DatastoreVersionId)!, Gateways(unit));
            },
            cancellationToken);
        return new ServerSpec
        {
            Key = id,
            Name = instance.Name,
            FlavorId = instance.FlavorId,
            Image = version.Image,
            VolumeKey = id,
            PortKey = id,
            Zone = instance.AvailabilityZone,
            Project = instance.TenantId,
            Datastore = version.DatastoreName,
            Group = instance.Locality is { } rule ? new ServerGroup(instance.SlaveOfId ?? id, rule) : null,
            Bootstrap = Bootstrap(id, version.DatastoreName, version.Port, secret, gateways),
        };
    }

    // Ours first, then those of the others that are alive: one of them is enough for an agent to begin with.
    private List<string> Gateways(IUnit unit) =>
        [.. access.GatewayUrls.Concat(NodeRows.Gateways(unit)).Distinct()];

    private JsonObject Bootstrap(string id, string datastore, int port, string secret, IReadOnlyList<string> gateways) => new()
    {
        ["instance_id"] = id,
        ["datastore"] = datastore,
        ["gateway_urls"] = JsonSerializer.SerializeToNode(gateways, ProtocolJson.Options),
        ["ca_certificates"] = access.CaCertificates,
        ["enrolment_secret"] = secret,
        ["port"] = port,
    };
}
