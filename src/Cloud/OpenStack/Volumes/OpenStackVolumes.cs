using System.Text.Json.Nodes;
using Dbaas.Cloud.OpenStack.Cinder;
using Dbaas.Cloud.OpenStack.Nova;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Volumes;

/// <summary>Data volumes on the cloud.</summary>
internal sealed class OpenStackVolumes(
    CinderClient cinder, VolumeFinder finder, AttachedExtension extension, NovaClient nova, Marks marks) : IVolumes
{
    public async Task<Volume> EnsureVolumeAsync(VolumeSpec spec, CancellationToken cancellationToken)
    {
        var all = await finder.AllOfAsync(spec.Key, cancellationToken);
        if (VolumeFinder.Best(all) is not { } volume)
        {
            return await DescribeAsync(spec.Key, await MakeAsync(spec, cancellationToken), cancellationToken);
        }

        if (volume.Status is "available" or "in-use")
        {
            if (!volume.Metadata.ContainsKey(VolumeFinder.AdoptedLabel))
            {
                await cinder.SetLabelAsync(volume.Id, VolumeFinder.AdoptedLabel, "yes", cancellationToken);
            }

            await DeleteUnusedAsync(all.Where(one => one.Id != volume.Id), cancellationToken);
            if (await extension.GoOnAsync(volume, spec.SizeGb, cancellationToken) is { } state)
            {
                return new Volume(spec.Key, volume.Id, volume.Size, state, null);
            }
        }

        var described = await DescribeAsync(spec.Key, volume, cancellationToken);
        return described.State == VolumeState.Ready && (volume.Size < spec.SizeGb || AttachedExtension.IsUnderWay(volume))
            ? described with { State = VolumeState.Building }
            : described;
    }

    public async Task<Volume?> FindVolumeAsync(string key, CancellationToken cancellationToken) =>
        await finder.FindAsync(key, cancellationToken) is { } volume ? await DescribeAsync(key, volume, cancellationToken) : null;

    public async Task<bool> DeleteVolumeAsync(string key, CancellationToken cancellationToken)
    {
        var all = await finder.AllOfAsync(key, cancellationToken);
        foreach (var volume in all)
        {
            if (volume.Status is "in-use" or "reserved" or "attaching" or "detaching")
            {
                await ForgetDeadServersAsync(volume, cancellationToken);
            }
            else if (volume.Status is not "deleting")
            {
                await DeleteAsync(volume, cancellationToken);
            }
        }

        return all.Count == 0;
    }

    public async Task<IReadOnlyList<string>> ListVolumesAsync(CancellationToken cancellationToken) =>
        [.. (await cinder.ListVolumesAsync(null, cancellationToken))
            .Where(volume => marks.AreIn(volume.Metadata))
            .Select(volume => volume.Metadata.GetValueOrDefault(Marks.KeyLabel)).OfType<string>().Distinct()];

    public async Task<IReadOnlyList<VolumeType>> ListVolumeTypesAsync(CancellationToken cancellationToken) =>
        [.. (await cinder.ListTypesAsync(cancellationToken)).Select(type => new VolumeType(type.Id, type.Name, type.Description))];

    private async Task<CinderVolume> MakeAsync(VolumeSpec spec, CancellationToken cancellationToken)
    {
        var volume = new JsonObject
        {
            ["name"] = Marks.Name(spec.Key),
            ["size"] = spec.SizeGb,
            ["metadata"] = new JsonObject(marks.Labels(spec.Key).Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
        };
        if (spec.Type is { } type)
        {
            volume["volume_type"] = type;
        }

        // Clouds with one storage for all zones have a zone of their own for it.
        if (spec.Zone is { } zone && (await cinder.ListZonesAsync(cancellationToken)).Contains(zone))
        {
            volume["availability_zone"] = zone;
        }

        var reply = await cinder.CreateVolumeAsync(volume, cancellationToken);
        return IsAboutType(spec, reply) ? throw reply.Refusal($"There is no volume type {spec.Type}.") : CinderClient.VolumeIn(reply);
    }

    private static bool IsAboutType(VolumeSpec spec, CloudReply reply) =>
        spec.Type is not null
            && (
                reply.IsMissing
                || ((int)reply.Status == 400 && reply.Error.Text.Contains("volume type", StringComparison.OrdinalIgnoreCase)));

    /// <summary>
    /// What a lost answer left. One that was ever handed out or attached is kept, whatever else there is: it may hold data.
    /// </summary>
    private async Task DeleteUnusedAsync(IEnumerable<CinderVolume> others, CancellationToken cancellationToken)
    {
        foreach (var volume in others.Where(one => one.Status is "available" or "error" && !VolumeFinder.IsAdopted(one)))
        {
            await DeleteAsync(volume, cancellationToken);
        }
    }

    private async Task DeleteAsync(CinderVolume volume, CancellationToken cancellationToken)
    {
        var reply = await cinder.DeleteVolumeAsync(volume.Id, cancellationToken);

        // 400: its state has changed since the list, or somebody took a snapshot of it, which may go.
        if ((int)reply.Status == 400)
        {
            throw reply.NotNow();
        }

        if (!reply.IsMissing)
        {
            reply.Required();
        }
    }

    /// <summary>A server that died on its way may have left the volume attached to it.</summary>
    private async Task ForgetDeadServersAsync(CinderVolume volume, CancellationToken cancellationToken)
    {
        foreach (var attachment in volume.Attachments)
        {
            if (attachment.ServerId is { } server && await nova.FindServerAsync(server, cancellationToken) is null)
            {
                await cinder.DeleteAttachmentAsync(attachment.AttachmentId, cancellationToken);
            }
        }
    }

    private async Task<Volume> DescribeAsync(string key, CinderVolume volume, CancellationToken cancellationToken)
    {
        var state = volume.Status switch
        {
            "available" or "in-use" or "reserved" or "attaching" or "detaching" => VolumeState.Ready,
            _ when volume.Status.StartsWith("error", StringComparison.Ordinal) => VolumeState.Error,
            "creating" or "downloading" or "extending" or "maintenance" => VolumeState.Building,
            _ => VolumeState.Unknown,
        };
        var detail = state switch
        {
            VolumeState.Error =>
                await cinder.LastMessageAsync(volume.Id, cancellationToken) ?? $"The volume is in the state {volume.Status}.",
            VolumeState.Unknown => $"The volume is in the state {volume.Status}.",
            _ => null,
        };
        return new Volume(key, volume.Id, volume.Size, state, detail);
    }
}
