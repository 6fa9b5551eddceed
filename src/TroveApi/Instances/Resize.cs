using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.Domain.Quotas;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Quotas;

namespace Dbaas.TroveApi.Instances;

/// <summary>The action <c>resize</c>: another flavor, or a larger volume, of a master together with its slaves.</summary>
internal sealed class Resize(
    IDatabase database, InstanceReader reader, Members sets, OperationStart start, QuotaTaker quota, TroveApiOptions options)
{
    public Task<Answer> StartAsync(ApiRequest request, InstanceFacts facts, JsonField wanted)
    {
        wanted.Only("flavorRef", "volume");
        return (wanted.FindValue("flavorRef"), wanted.FindValue("volume")) switch
        {
            ({ } flavor, null) => FlavorAsync(request, facts, References.Flavor(flavor)),
            (null, { } volume) => VolumeAsync(request, facts, volume.Only("size")["size"].Number(1, int.MaxValue)),
            _ => throw FaultException.BadRequest("A resize names either 'flavorRef' or 'volume'."),
        };
    }

    private async Task<Answer> FlavorAsync(ApiRequest request, InstanceFacts facts, string flavorId)
    {
        var instance = facts.Instance;
        var flavor = await database.ReadAsync(unit => CatalogRows.Flavor(unit, flavorId), request.Cancelled)
            ?? throw FaultException.BadRequest($"Flavor {flavorId} cannot be found.");
        if (flavor.Id == instance.FlavorId)
        {
            throw FaultException.BadRequest("No change was requested because the size of the instance is already as it should be.");
        }

        if (instance.ConfigurationId is { } groupId
            && await database.ReadAsync(unit => ConfigurationRows.Find(unit, groupId), request.Cancelled) is { } group)
        {
            ConfigurationChoice.CheckSize(group, flavor.MemoryMb, instance.VolumeSize);
        }

        var wish = new OperationWish(OperationKinds.ResizeFlavor, instance.Id, StartMode.WhenReady)
        {
            Goal = JsonSerializer.Serialize(new ResizeFlavorGoal(flavor.Id, flavor.MemoryMb)),
        };
        return await StartAllAsync(
            request,
            [facts],
            [wish],
            unit => quota.Take(unit, instance.TenantId, (QuotaResources.Ram, flavor.MemoryMb - instance.MemoryMb)));
    }

    private async Task<Answer> VolumeAsync(ApiRequest request, InstanceFacts facts, int size)
    {
        var instance = facts.Instance;
        if (size <= instance.VolumeSize)
        {
            throw FaultException.BadRequest(
                $"The new volume 'size' must be larger than the current volume size of '{instance.VolumeSize}' GB: a volume "
                    + "never shrinks.");
        }

        if (size > options.MaxVolumeSizeGb)
        {
            throw FaultException.OverLimit(
                $"Volume 'size' cannot exceed maximum of {options.MaxVolumeSizeGb} GB, {size} cannot be accepted.");
        }

        var slaves = await database.ReadAsync(unit => reader.Load(unit, InstanceRows.SlavesOf(unit, instance.Id)), request.Cancelled);
        IReadOnlyList<InstanceFacts> members = [facts, .. slaves.Where(slave => slave.Instance.VolumeSize < size)];
        var goal = JsonSerializer.Serialize(new ResizeVolumeGoal(size));
        return await StartAllAsync(
            request,
            members,
            [
                .. members.Select(
                    member => new OperationWish(OperationKinds.ResizeVolume, member.Instance.Id, StartMode.WhenReady) { Goal = goal }),
            ],
            unit => quota.Take(
                unit, instance.TenantId, (QuotaResources.Volumes, members.Sum(member => (long)size - member.Instance.VolumeSize))));
    }

    private async Task<Answer> StartAllAsync(
        ApiRequest request, IReadOnlyList<InstanceFacts> members, IReadOnlyList<OperationWish> wishes, Action<IUnit> also)
    {
        Members.CheckActive(members);

        // The sizes that the quota is charged by were read before: an instance that changed since is busy, or was, and its guard says so.
        if (await start.TryAllAsync(
            [.. wishes.Select((wish, i) => wish with { OnlyAt = members[i].Instance.Version })], also, request.Cancelled))
        {
            return Answer.Accepted;
        }

        throw await sets.ExplainAsync(request, members);
    }
}
