using System.Net;
using Dbaas.Cloud.OpenStack.Cinder;
using Dbaas.Cloud.OpenStack.Nova;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Volumes;

/// <summary>
/// Extends volumes, also where the storage cannot do that while they are attached: then they are detached while their server is stopped.
/// </summary>
internal sealed class AttachedExtension(CinderClient cinder, NovaClient nova, OpenStackOptions options)
{
    /// <summary>The server that gets the volume back.</summary>
    private const string ServerLabel = "dbaas_server";

    /// <summary>Whether it has yet to be given back to its server.</summary>
    public static bool IsUnderWay(CinderVolume volume) => volume.Metadata.ContainsKey(ServerLabel) && volume.Status != "in-use";

    /// <summary>One step on the way to the size, or back to the server.</summary>
    /// <returns>How it stands now; null: it is there.</returns>
    public async Task<VolumeState?> GoOnAsync(CinderVolume volume, int sizeGb, CancellationToken cancellationToken)
    {
        switch (volume.Status)
        {
            case "available" when volume.Size < sizeGb:
            case "in-use" when volume.Size < sizeGb && options.ExtendsAttachedVolumes:
                return await ExtendAsync(volume, sizeGb, cancellationToken);
            case "in-use" when volume.Size < sizeGb:
                return await DetachAsync(volume, cancellationToken);
            case "available" when volume.Metadata.TryGetValue(ServerLabel, out var server):
                return await GiveBackAsync(volume, server, cancellationToken);
            case "in-use" when volume.Metadata.ContainsKey(ServerLabel):
                await cinder.RemoveLabelAsync(volume.Id, ServerLabel, cancellationToken);
                return null;
            default:
                return null;
        }
    }

    private async Task<VolumeState> ExtendAsync(CinderVolume volume, int sizeGb, CancellationToken cancellationToken)
    {
        (await cinder.ExtendVolumeAsync(volume.Id, sizeGb, cancellationToken)).Required();
        return VolumeState.Building;
    }

    private async Task<VolumeState> DetachAsync(CinderVolume volume, CancellationToken cancellationToken)
    {
        if (volume.Attachments.Select(one => one.ServerId).OfType<string>().FirstOrDefault() is not { } id
            || await nova.FindServerAsync(id, cancellationToken) is not { } server)
        {
            return VolumeState.Building;
        }

        if (server is not { Status: "SHUTOFF", TaskState: null })
        {
            return VolumeState.NeedsServerStopped;
        }

        // The label first: whoever goes on after a cut knows where the volume belongs.
        await cinder.SetLabelAsync(volume.Id, ServerLabel, id, cancellationToken);
        var reply = await nova.DetachVolumeAsync(id, volume.Id, cancellationToken);
        if (!reply.IsMissing)
        {
            reply.Required();
        }

        return VolumeState.Building;
    }

    private async Task<VolumeState?> GiveBackAsync(CinderVolume volume, string server, CancellationToken cancellationToken)
    {
        var reply = await nova.AttachVolumeAsync(server, volume.Id, cancellationToken);
        if (reply.Status == HttpStatusCode.NotFound)
        {
            // The server is gone; the next one takes the volume from the start.
            await cinder.RemoveLabelAsync(volume.Id, ServerLabel, cancellationToken);
            return null;
        }

        reply.Required();
        return VolumeState.Building;
    }
}
