using Dbaas.Domain;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.Benchmarks.ListInstances;

/// <summary>Ready instances straight in the control database: the list never asks a server.</summary>
internal static class SeededInstances
{
    private const int AtOnce = 200;

    /// <returns>Their ids.</returns>
    public static async Task<IReadOnlyList<string>> AddAsync(
        IDatabase database, string tenant, int count, CancellationToken cancellationToken)
    {
        var ids = new RandomIdSource(TimeProvider.System);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var instances = Enumerable.Range(1, count).Select(number => (Number: number, Id: ids.NewId())).ToList();
        foreach (var some in instances.Chunk(AtOnce))
        {
            await database.WriteAsync(unit => Add(unit, some), cancellationToken);
        }

        return [.. instances.Select(instance => instance.Id)];

        void Add(IUnit unit, IEnumerable<(int Number, string Id)> some)
        {
            var version = CatalogRows.Versions(unit)[0];
            foreach (var (number, id) in some)
            {
                InstanceRows.Insert(unit, new Instance
                {
                    Id = id,
                    TenantId = tenant,
                    Name = $"instance {number}",
                    Created = now + number,
                    Updated = now + number,
                    DatastoreVersionId = version.Id,
                    FlavorId = "7",
                    MemoryMb = 512,
                    VolumeSize = 2,
                    Lifecycle = Lifecycle.Ready,
                    Port = version.Port,
                    ServerNumber = InstanceRows.NextServerNumber(unit),
                    BinaryLog = BinaryLogChoice.WhenReplicating,
                });
                var address = $"198.18.{number / 250}.{1 + (number % 250)}";
                InstanceChanges.SetAddresses(unit, id, address, [new InstanceAddress { Address = address }]);
                GuestRows.Save(
                    unit, new GuestState { InstanceId = id, ServerState = "Healthy" }, TimeSpan.Zero, TimeSpan.FromSeconds(30));
            }
        }
    }
}
