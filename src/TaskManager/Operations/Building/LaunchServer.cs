using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Cloud.Ports;
using Dbaas.GuestProtocol;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Servers;

namespace Dbaas.TaskManager.Operations.Building;

internal sealed class LaunchServer(ICompute compute, GuestAccess access) : Step<BuildState>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public override string Name => "launch server";

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var id = context.Operation.InstanceId;
        var (instance, version) = await context.ReadAsync(
            unit =>
            {
                var row = InstanceRows.Find(unit, id)!;
                return (row, CatalogRows.Version(unit, row.DatastoreVersionId)!);
            },
            cancellationToken);
        var server = await compute.EnsureServerAsync(
            new ServerSpec
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
                Bootstrap = Bootstrap(id, version.DatastoreName, version.Port, state.EnrolmentSecret!),
            },
            cancellationToken);
        await context.WriteAsync(
            unit =>
            {
                ServerRows.Save(unit, SeenServer.Of(server, context.Now));
                if (server.NotEnforced.Count > 0)
                {
                    InstanceChanges.SetNotEnforced(unit, id, string.Join("; ", server.NotEnforced));
                }
            },
            cancellationToken);

        return server.State switch
        {
            CloudServerState.Active => Done(state),
            CloudServerState.Error => Failed($"The server could not be launched: {server.Detail ?? "the compute plane does not say why"}."),
            _ => NotYet(state, LookAgain),
        };
    }

    public override async Task<UndoOutcome> UndoAsync(StepContext context, BuildState state, CancellationToken cancellationToken) =>
        await compute.DeleteServerAsync(context.Operation.InstanceId, cancellationToken)
            ? new UndoOutcome.Done()
            : new UndoOutcome.NotYet(LookAgain);

    private JsonObject Bootstrap(string id, string datastore, int port, string secret) => new()
    {
        ["instance_id"] = id,
        ["datastore"] = datastore,
        ["gateway_urls"] = JsonSerializer.SerializeToNode(access.GatewayUrls, ProtocolJson.Options),
        ["ca_certificates"] = access.CaCertificates,
        ["enrolment_secret"] = secret,
        ["port"] = port,
    };
}
