using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.Domain;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.Building;

namespace Dbaas.TaskManager.Operations.CreateSlave;

/// <summary>
/// An instance that follows a master. The operation owns the slave and shares the master: several slaves of one master are built side by
/// side.
/// </summary>
public static class CreateSlaveWorkflow
{
    /// <summary>A failed creation leaves the master's log on for so long, so that a retry does not restart it again.</summary>
    private static readonly TimeSpan LogStaysOn = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan AttachLimit = TimeSpan.FromMinutes(30);

    /// <summary>In the first version, which loads the data too.</summary>
    private static readonly TimeSpan AttachAndLoadLimit = TimeSpan.FromHours(12);

    /// <summary>The workflow.</summary>
    public static Workflow<BuildState> Define(
        INetworks networks,
        IVolumes volumes,
        ICompute compute,
        GuestCommands guests,
        GuestAccess access,
        GuestOptions options,
        BackupOptions backups,
        IIdSource ids)
    {
        var watch = new MasterWatch(options);
        var snapshot = new MasterSnapshot(guests, watch, backups);
        return Define(
            version: 2,
            [
                .. Prepared(networks, volumes, compute, guests, access, options),
                new GetSnapshot(snapshot, ids),
                new LoadData(guests, snapshot, watch),
                new AttachToMaster(guests, watch, CommandLimits.WithRestart, AttachLimit),
                new CloseSnapshot(guests),
            ]);
    }

    /// <summary>The workflow of before the load was a job: for operations that began with it.</summary>
    public static Workflow<BuildState> DefineFirst(
        INetworks networks,
        IVolumes volumes,
        ICompute compute,
        GuestCommands guests,
        GuestAccess access,
        GuestOptions options,
        IIdSource ids)
    {
        var watch = new MasterWatch(options);
        return Define(
            version: 1,
            [
                .. Prepared(networks, volumes, compute, guests, access, options),
                new GetSnapshot(new MasterSnapshot(guests, watch, new BackupOptions { SlavesFromBackups = false }), ids),
                new AttachToMaster(guests, watch, AttachAndLoadLimit, AttachAndLoadLimit),
                new CloseSnapshot(guests),
            ]);
    }

    private static IEnumerable<Step<BuildState>> Prepared(
        INetworks networks, IVolumes volumes, ICompute compute, GuestCommands guests, GuestAccess access, GuestOptions options) =>
    [
        .. ServerSteps.All(networks, volumes, compute, access, options),
        new PrepareDatabase(
            "prepare database",
            guests,
            DataOrigin.Following,
            operation => new CreateInstanceGoal { Configuration = GoalOf(operation).Configuration }),
    ];

    private static Workflow<BuildState> Define(int version, IReadOnlyList<Step<BuildState>> steps) => new()
    {
        Kind = OperationKinds.CreateSlave,
        Version = version,
        Steps = steps,
        Begin = _ => new BuildState(),
        OnSucceeded = BuildResults.Succeeded,
        OnTurnedBack = BuildResults.TurnedBack,
        OnUndone = (unit, operation, _, now) => Uncount(unit, operation, now),
        OnAbandoned = (unit, operation, state, fault, now) =>
        {
            BuildResults.Abandoned(unit, operation, state, fault, now);
            Uncount(unit, operation, now);
        },
    };

    private static void Uncount(IUnit unit, Operation operation, long now) => InstanceChanges.RemoveSlave(
        unit, operation.InstanceId, GoalOf(operation).MasterId, now + (long)LogStaysOn.TotalMilliseconds);

    internal static CreateSlaveGoal GoalOf(Operation operation) =>
        JsonSerializer.Deserialize<CreateSlaveGoal>(operation.Goal!, JsonSerializerOptions.Web)!;
}
