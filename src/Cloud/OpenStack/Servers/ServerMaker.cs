using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Dbaas.Cloud.OpenStack.Glance;
using Dbaas.Cloud.OpenStack.Networks;
using Dbaas.Cloud.OpenStack.Nova;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Cloud.OpenStack.Volumes;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Servers;

/// <summary>Asks Nova for a server, or for a fresh root disk of one.</summary>
internal sealed class ServerMaker(
    NovaClient nova, ImageFinder images, PortFinder ports, VolumeFinder volumes, ServerGroups groups, Marks marks, OpenStackOptions options)
{
    private const int LongestUserData = 65535;

    /// <returns>Nova's answer: what was refused may have been made by an earlier call all the same.</returns>
    public async Task<CloudReply> MakeAsync(ServerSpec spec, CancellationToken cancellationToken)
    {
        var flavor = await FlavorAsync(spec.FlavorId, cancellationToken);
        var image = await images.IdOfAsync(spec.Image, cancellationToken);
        var pair = await PortsAsync(spec, cancellationToken);
        var volume = await VolumeAsync(spec, cancellationToken);
        var server = new JsonObject
        {
            ["name"] = spec.Name,
            ["flavorRef"] = flavor.Id,
            ["config_drive"] = true,
            ["user_data"] = UserData(spec, pair, volume),
            ["metadata"] = Labels(spec),
            ["tags"] = new JsonArray([.. Tags(spec).Select(tag => (JsonNode)tag)]),
            ["networks"] = new JsonArray([.. pair.InOrder.Select(port => (JsonNode)new JsonObject { ["port"] = port.Id })]),
            ["block_device_mapping_v2"] = new JsonArray(Root(image), Data(volume)),
        };
        if (options.RootVolumeGb == 0)
        {
            server["imageRef"] = image;
        }

        if (spec.Zone is { } zone)
        {
            server["availability_zone"] = zone;
        }

        var body = new JsonObject { ["server"] = server };
        if (spec.Group is { } group)
        {
            body["os:scheduler_hints"] = new JsonObject { ["group"] = await groups.EnsureAsync(group, cancellationToken) };
        }

        return await nova.CreateServerAsync(body, cancellationToken);
    }

    /// <summary>What Nova refused, in a sentence that names what the user asked for.</summary>
    public static CloudException RefusalOf(ServerSpec spec, CloudReply reply)
    {
        if (reply.Status == HttpStatusCode.BadRequest && spec.Zone is { } zone
            && reply.Error.Text.Contains("availability zone", StringComparison.OrdinalIgnoreCase))
        {
            return reply.Refusal($"There is no availability zone {zone}.");
        }

        // The server that had it may be giving it back still.
        if (reply.Status == HttpStatusCode.BadRequest && reply.Error.Text.Contains("volume", StringComparison.OrdinalIgnoreCase)
            && reply.Error.Text.Contains("status must be", StringComparison.OrdinalIgnoreCase))
        {
            return reply.NotNow();
        }

        // A group without members goes with anybody's deletion: the next call makes it anew.
        return reply.Status == HttpStatusCode.BadRequest
            && spec.Group is not null
            && reply.Error.Text.Contains("group", StringComparison.OrdinalIgnoreCase)
            ? reply.NotNow()
            : Faults.Of(reply);
    }

    public async Task<CloudReply> RebuildAsync(NovaServer server, ServerSpec spec, CancellationToken cancellationToken)
    {
        var volume = await VolumeAsync(spec, cancellationToken);
        var rebuild = new JsonObject
        {
            ["imageRef"] = await images.IdOfAsync(spec.Image, cancellationToken),
            ["user_data"] = UserData(spec, await PortsAsync(spec, cancellationToken), volume),

            // They take the place of all that there were: build and user data change in one call.
            ["metadata"] = Labels(spec),
        };
        return await nova.RebuildAsync(server.Id, rebuild, rootIsVolume: options.RootVolumeGb > 0, cancellationToken);
    }

    private JsonObject Root(string image)
    {
        var root = new JsonObject
        {
            ["source_type"] = "image",
            ["uuid"] = image,
            ["boot_index"] = 0,
            ["destination_type"] = options.RootVolumeGb > 0 ? "volume" : "local",
            ["delete_on_termination"] = true,
        };
        if (options.RootVolumeGb > 0)
        {
            root["volume_size"] = options.RootVolumeGb;
            if (options.RootVolumeType is { } type)
            {
                root["volume_type"] = type;
            }
        }

        return root;
    }

    private static JsonObject Data(string volume) => new()
    {
        ["source_type"] = "volume",
        ["uuid"] = volume,
        ["boot_index"] = -1,
        ["destination_type"] = "volume",
        ["delete_on_termination"] = false,
    };

    private JsonObject Labels(ServerSpec spec)
    {
        var labels = new JsonObject(marks.Labels(spec.Key).Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)))
        {
            [Marks.BuildLabel] = spec.Build.ToString(CultureInfo.InvariantCulture),
        };
        if (spec.Project.Length > 0)
        {
            labels["dbaas_project"] = spec.Project;
        }

        if (spec.Datastore.Length > 0)
        {
            labels["dbaas_datastore"] = spec.Datastore;
        }

        return labels;
    }

    private IEnumerable<string> Tags(ServerSpec spec)
    {
        yield return marks.DeploymentTag;
        yield return Marks.KeyTag(spec.Key);
        if (spec.Datastore.Length > 0)
        {
            yield return "dbaas-datastore-" + spec.Datastore;
        }
    }

    /// <summary>
    /// The guest finds it on the config drive and asks no one. It has a secret in it that is void once it was used. Memory and processors
    /// are not in it: they change with a resize, and it does not.
    /// </summary>
    private static string UserData(ServerSpec spec, PortPair ports, string volumeId)
    {
        var document = (JsonObject)spec.Bootstrap.DeepClone();
        document["address"] = PortFinder.AddressOf(ports.Main!).ToString();
        if (ports is { User: { } user, Management: not null })
        {
            document["user_addresses"] = new JsonArray(PortFinder.AddressOf(user).ToString());
        }

        document["volume_id"] = volumeId;
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(document.ToJsonString()));
        return encoded.Length <= LongestUserData
            ? encoded
            : throw new CloudException("The guest's bootstrap document is too long for this cloud.", isTransient: false);
    }

    private async Task<NovaFlavor> FlavorAsync(string id, CancellationToken cancellationToken) =>
        await nova.FindFlavorAsync(id, cancellationToken) ?? throw new CloudException($"There is no flavor {id}.", isTransient: false);

    private async Task<PortPair> PortsAsync(ServerSpec spec, CancellationToken cancellationToken) =>
        await ports.FindAsync(spec.PortKey, cancellationToken) is { Main: not null } pair
            ? pair
            : throw new CloudException($"There is no port {spec.PortKey}.", isTransient: false);

    private async Task<string> VolumeAsync(ServerSpec spec, CancellationToken cancellationToken) =>
        (await volumes.FindAsync(spec.VolumeKey, cancellationToken))?.Id
        ?? throw new CloudException($"There is no volume {spec.VolumeKey}.", isTransient: false);
}
