using System.Globalization;
using System.Text.Json;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Domain.Quotas;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.Simulation;

/// <summary>Writes the units that the API writes: a wish is a row with its operation and its locks.</summary>
public sealed class ControlApi(World world)
{
    /// <summary>The one datastore version.</summary>
    public const string VersionId = "00000000-0000-7000-8000-aaaaaaaaaaaa";

    /// <summary>The one project.</summary>
    public const string Project = "project";

    private const int MemoryMb = 512;
    private const int VolumeGb = 2;

    private static readonly Dictionary<string, long> Limits = QuotaResources.All.ToDictionary(resource => resource, _ => 1_000_000L);

    /// <summary>Asks for a stand-alone instance.</summary>
    /// <returns>Its id.</returns>
    public Task<string> CreateAsync(string name, BinaryLogChoice binaryLog = BinaryLogChoice.WhenReplicating) => WriteAsync(
        (unit, operation) =>
        {
            var goal = new CreateInstanceGoal
            {
                Databases = [new WantedDatabase("shop", null, null)],
                Users = [new WantedUser("app", "secret", null, ["shop"])],
            };
            return Build(unit, operation, OperationKinds.CreateInstance, name, null, binaryLog, goal);
        });

    /// <summary>Asks for a slave.</summary>
    /// <returns>Its id.</returns>
    public Task<string> CreateSlaveAsync(string name, string masterId) => WriteAsync(
        (unit, operation) =>
        {
            Require(InstanceChanges.AddSlave(unit, masterId), "The master cannot have a slave now.");
            Require(LockRows.TryShare(unit, masterId, operation), "The master is busy.");
            return Build(
                unit, operation, OperationKinds.CreateSlave, name, masterId, BinaryLogChoice.WhenReplicating,
                new CreateSlaveGoal { MasterId = masterId });
        });

    /// <summary>Asks for a slave to become independent.</summary>
    /// <returns>The operation.</returns>
    public Task<string> DetachAsync(string slaveId) => WriteAsync(
        (unit, operation) =>
        {
            var masterId = InstanceRows.Find(unit, slaveId)?.SlaveOfId;
            Require(masterId is not null, "It is no slave.");
            Require(LockRows.TryOwn(unit, slaveId, operation, onlyReady: true, onlyWithoutSlaves: false), "The slave is busy.");
            Require(LockRows.TryShare(unit, masterId!, operation), "The master is busy.");
            Insert(unit, operation, OperationKinds.DetachSlave, slaveId, new LeaveMasterGoal(masterId));
            return operation;
        });

    /// <summary>Asks for an instance to be deleted; what is being done to it is given up.</summary>
    /// <returns>The operation.</returns>
    public Task<string> DeleteAsync(string id) => WriteAsync(
        (unit, operation) =>
        {
            var instance = InstanceRows.Find(unit, id);
            Require(instance is { Deleted: false, SlaveCount: 0, LockShared: 0 }, "It is gone, or has slaves.");
            var holder = instance!.LockOwner is { } owner ? OperationRows.Find(unit, owner) : null;
            Require(
                OperationRows.Active(unit, id).All(active => active.Kind != OperationKinds.DeleteInstance), "It is being deleted.");
            if (holder is null)
            {
                Require(
                    LockRows.TryOwn(unit, id, operation, onlyReady: false, onlyWithoutSlaves: true), "It is busy.");
            }
            else
            {
                OperationRows.TakeOver(unit, holder.Id, operation);
            }

            Insert(unit, operation, OperationKinds.DeleteInstance, id, new LeaveMasterGoal(instance.SlaveOfId));
            return operation;
        });

    /// <summary>Asks for a restart.</summary>
    /// <returns>The operation.</returns>
    public Task<string> RestartAsync(string id) => WriteAsync(
        (unit, operation) =>
        {
            Require(LockRows.TryOwn(unit, id, operation, onlyReady: true, onlyWithoutSlaves: false), "It is busy.");
            OperationRows.Insert(unit, operation, OperationKinds.Restart, id, null, world.Clock.Milliseconds);
            return operation;
        });

    /// <summary>Asks for a larger volume.</summary>
    /// <returns>The operation.</returns>
    public Task<string> ResizeVolumeAsync(string id, int sizeGb) => OwnAsync(id, OperationKinds.ResizeVolume, (unit, row) =>
    {
        Require(QuotaRows.TryTake(unit, Project, QuotaResources.Volumes, sizeGb - row.VolumeSize), "Over the quota.");
        return new ResizeVolumeGoal(sizeGb);
    });

    /// <summary>Asks for flavor 2, or for flavor 1 again.</summary>
    /// <returns>The operation.</returns>
    public Task<string> ResizeFlavorAsync(string id, string flavorId) => OwnAsync(id, OperationKinds.ResizeFlavor, (unit, row) =>
    {
        var memory = MemoryMb * int.Parse(flavorId, CultureInfo.InvariantCulture);
        Require(QuotaRows.TryTake(unit, Project, QuotaResources.Ram, Math.Max(0, memory - row.MemoryMb)), "Over the quota.");
        return new ResizeFlavorGoal(flavorId, memory);
    });

    /// <summary>Asks for the whole server to be rebooted.</summary>
    /// <returns>The operation.</returns>
    public Task<string> RebootAsync(string id) => OwnAsync(id, OperationKinds.Reboot, (_, _) => new object());

    /// <summary>Asks for the database to be stopped.</summary>
    /// <returns>The operation.</returns>
    public Task<string> StopAsync(string id) => OwnAsync(id, OperationKinds.StopDatabase, (_, _) => new object());

    /// <summary>Asks for another rule of who may reach it.</summary>
    /// <returns>The operation.</returns>
    public Task<string> UpdateAccessAsync(string id, string allowedCidrs) =>
        OwnAsync(id, OperationKinds.UpdateAccess, (_, _) => new UpdateAccessGoal(false, allowedCidrs));

    /// <summary>Asks for the server to move.</summary>
    /// <returns>The operation.</returns>
    public Task<string> MigrateAsync(string id) => OwnAsync(id, OperationKinds.Migrate, (_, _) => new MigrateGoal(null));

    /// <summary>Asks for a fresh root disk, or for a server in the place of one that is gone.</summary>
    /// <returns>The operation.</returns>
    public Task<string> RebuildAsync(string id) => OwnAsync(id, OperationKinds.Rebuild, (_, _) => new RebuildGoal(null), alsoBroken: true);

    /// <summary>Asks for another host, because the server's is dead.</summary>
    /// <returns>The operation.</returns>
    public Task<string> EvacuateAsync(string id) => OwnAsync(id, OperationKinds.Evacuate, (_, _) => new MigrateGoal(null), alsoBroken: true);

    /// <summary>Asks for another release of the agent.</summary>
    /// <returns>The operation.</returns>
    public Task<string> UpgradeAgentAsync(string id, string version) =>
        OwnAsync(id, OperationKinds.UpgradeAgent, (_, _) => new UpgradeAgentGoal(version, "hash", 1));

    /// <summary>What users call resetting a status: the operation that holds an instance is given up.</summary>
    /// <returns>False: there is none.</returns>
    public async Task<bool> GiveUpAsync(string id)
    {
        var by = world.Ids.NewId();
        return await world.Database.WriteAsync(
            unit =>
            {
                if (InstanceRows.Find(unit, id)?.LockOwner is not { } owner
                    || OperationRows.Find(unit, owner) is not { Kind: not OperationKinds.DeleteInstance })
                {
                    return false;
                }

                OperationRows.Supersede(unit, owner, by);
                return true;
            },
            CancellationToken.None);
    }

    /// <summary>An instance's row.</summary>
    public async Task<Instance> FindAsync(string id) =>
        await world.Database.ReadAsync(unit => InstanceRows.Find(unit, id), CancellationToken.None)
        ?? throw new SimulationException($"There is no row {id}.");

    private Task<string> OwnAsync<TGoal>(string id, string kind, Func<IUnit, Instance, TGoal> goal, bool alsoBroken = false) => WriteAsync(
        (unit, operation) =>
        {
            Require(
                LockRows.TryOwn(unit, id, operation, onlyReady: !alsoBroken, onlyWithoutSlaves: false, onlyWithData: alsoBroken), "It is busy.");
            Insert(unit, operation, kind, id, goal(unit, InstanceRows.Find(unit, id)!));
            return operation;
        });

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new RefusedException(otherwise);
        }
    }

    private string Build<TGoal>(
        IUnit unit, string operation, string kind, string name, string? masterId, BinaryLogChoice binaryLog, TGoal goal)
    {
        var (id, now) = (world.Ids.NewId(), world.Clock.Milliseconds);
        var row = new Instance
        {
            Id = id,
            TenantId = Project,
            Name = name,
            Created = now,
            Updated = now,
            DatastoreVersionId = VersionId,
            FlavorId = "1",
            MemoryMb = MemoryMb,
            VolumeSize = VolumeGb,
            SlaveOfId = masterId,
            Lifecycle = Lifecycle.Building,
            Port = 3306,
            ServerNumber = InstanceRows.NextServerNumber(unit),
            BinaryLog = binaryLog,
        };
        QuotaRows.Ensure(unit, Project, Limits);
        foreach (var (resource, amount) in CostOf(row))
        {
            Require(QuotaRows.TryTake(unit, Project, resource, amount), "Over the quota.");
        }

        InstanceRows.Insert(unit, row);
        Require(LockRows.TryOwn(unit, id, operation, onlyReady: false, onlyWithoutSlaves: true), "It is busy.");
        Insert(unit, operation, kind, id, goal);
        return id;
    }

    /// <summary>What an instance takes of the quota.</summary>
    internal static IReadOnlyDictionary<string, long> CostOf(Instance row) => new Dictionary<string, long>
    {
        [QuotaResources.Instances] = 1, [QuotaResources.Ram] = row.MemoryMb, [QuotaResources.Volumes] = row.VolumeSize,
    };

    private void Insert<TGoal>(IUnit unit, string operation, string kind, string instanceId, TGoal goal) =>
        OperationRows.Insert(
            unit, operation, kind, instanceId, JsonSerializer.Serialize(goal, JsonSerializerOptions.Web), world.Clock.Milliseconds);

    private Task<string> WriteAsync(Func<IUnit, string, string> work)
    {
        var operation = world.Ids.NewId();
        return world.Database.WriteAsync(unit => work(unit, operation), CancellationToken.None);
    }
}
