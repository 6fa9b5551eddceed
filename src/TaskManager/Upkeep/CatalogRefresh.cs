using Dbaas.Cloud.Ports;
using Dbaas.Domain.Catalog;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>Keeps flavors, zones and kinds of volume as the compute plane lists them, so that the API never asks a cloud.</summary>
internal sealed class CatalogRefresh(ICompute compute, IVolumes volumes, IDatabase database) : IUpkeep
{
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var flavors = await compute.ListFlavorsAsync(cancellationToken);
        var zones = await compute.ListZonesAsync(cancellationToken);
        var types = await volumes.ListVolumeTypesAsync(cancellationToken);
        await database.WriteAsync(
            unit => CatalogRows.Replace(
                unit,
                flavors.Select(one => new Flavor
                {
                    Id = one.Id, Name = one.Name, MemoryMb = one.MemoryMb, Vcpus = one.Vcpus, DiskGb = one.DiskGb,
                }).ToList(),
                zones,
                types.Select(one => new VolumeKind { Id = one.Id, Name = one.Name, Description = one.Description }).ToList()),
            cancellationToken);
    }
}
