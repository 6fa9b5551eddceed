using Dbaas.Domain.Backups.Schedules;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Domain.Sets;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Archives;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>Reads what is shown of instances: a few statements for any number of them, and never a guest.</summary>
internal sealed class InstanceReader(IDatabase database, TroveApiOptions options)
{
    /// <summary>One instance that the caller may see.</summary>
    /// <exception cref="FaultException">There is none.</exception>
    public Task<InstanceFacts> FindAsync(ApiRequest request, string id) =>
        database.ReadAsync(unit => Find(unit, request, id), request.Cancelled);

    /// <summary>The same, with all that is shown of one.</summary>
    /// <exception cref="FaultException">There is none.</exception>
    public Task<InstanceFacts> FindToShowAsync(ApiRequest request, string id) => database.ReadAsync(
        unit =>
        {
            var found = Find(unit, request, id);
            return found with
            {
                Set = SetOf(unit, found.Instance),
                ConfigurationName = ConfigurationName(unit, found.Instance),
                Restorable = RestorableReader.Load(unit, id),
                Schedules = Schedules(unit, found.Instance),
            };
        },
        request.Cancelled);

    public InstanceFacts Find(IUnit unit, ApiRequest request, string id)
    {
        var instance = InstanceRows.Find(unit, id);
        return instance is { Deleted: false } && (instance.TenantId == request.Tenant || request.IsAdmin)
            ? LoadFor(request, unit, [instance])[0] with
            {
                Agent = request.IsAdmin ? GuestRows.FindAgent(unit, id) : null,
            }
            : throw FaultException.NoSuch(id);
    }

    /// <summary>With what only administrators are shown of many.</summary>
    public IReadOnlyList<InstanceFacts> LoadFor(ApiRequest request, IUnit unit, IReadOnlyList<Instance> instances)
    {
        var facts = Load(unit, instances);
        if (!request.IsAdmin)
        {
            return facts;
        }

        var servers = ServerRows.Find(unit, Ids(instances));
        return [.. facts.Select(one => one with { Server = servers.GetValueOrDefault(one.Instance.Id) })];
    }

    public IReadOnlyList<InstanceFacts> Load(IUnit unit, IReadOnlyList<Instance> instances)
    {
        if (instances.Count == 0)
        {
            return [];
        }

        var versions = CatalogRows.Versions(unit).ToDictionary(version => version.Id);
        var guests = GuestRows.Find(unit, instances.Select(instance => instance.Id)).ToDictionary(guest => guest.InstanceId);

        // Of all of them: a delete may wait for an instance that nobody holds at this moment.
        var operations = InstanceLists.ActiveOperations(unit, Ids(instances)).ToLookup(operation => operation.InstanceId);
        var others = instances.Select(instance => instance.LockOwner).OfType<string>()
            .Except(operations.SelectMany(some => some).Select(operation => operation.Id));
        var ofSets = InstanceLists.OfWholeSets(unit, [.. others]).ToDictionary(operation => operation.Id);
        var slaves = InstanceLists.SlavesOf(unit, Ids(instances.Where(instance => instance.SlaveCount > 0)))
            .ToLookup(slave => slave.SlaveOfId);
        return instances.Select(instance =>
        {
            var guest = guests.GetValueOrDefault(instance.Id);
            var operation = Shown(instance, operations[instance.Id].ToList()) ?? ofSets.GetValueOrDefault(instance.LockOwner ?? "");
            return new InstanceFacts
            {
                Instance = instance,
                Version = versions.GetValueOrDefault(instance.DatastoreVersionId) ?? new() { Id = instance.DatastoreVersionId },
                Operation = operation,
                Guest = guest,
                SlaveIds = slaves[instance.Id].Select(slave => slave.Id).ToList(),
                Status = PublicStatus.Derive(instance, operation?.Kind, guest, options.SilentAfter),
                IsHealthy = guest?.IsHealthy(options.SilentAfter) == true,
            };
        }).ToList();
    }

    private static List<string> Ids(IEnumerable<Instance> instances) => instances.Select(instance => instance.Id).ToList();

    // A delete that waits for its predecessor to undo itself is already what the user asked for.
    private static Operation? Shown(Instance instance, IReadOnlyList<Operation> active) =>
        active.FirstOrDefault(operation => operation.Kind == OperationKinds.DeleteInstance)
        ?? active.FirstOrDefault(operation => operation.Id == instance.LockOwner)
        ?? active.FirstOrDefault(operation => operation.Kind == OperationKinds.DeleteAfterBackup);

    // What follows another instance is backed up by that one's schedules of the whole project.
    private IReadOnlyList<BackupSchedule> Schedules(IUnit unit, Instance instance) =>
    [
        .. ScheduleRows.Page(unit, instance.TenantId, instance.Id, null, options.MaxBackupSchedules)
            .Where(schedule => schedule.InstanceId is not null || instance.SlaveOfId is null),
    ];

    // Whatever is not decided is as in a set that nobody has decided anything for.
    private static ReplicaSet? SetOf(IUnit unit, Instance instance) =>
        instance.SlaveOfId is null && instance.SlaveCount == 0
            ? null
            : ReplicaSetRows.Find(unit, instance.SlaveOfId ?? instance.Id) ?? new ReplicaSet();

    private static string? ConfigurationName(IUnit unit, Instance instance) =>
        instance.ConfigurationId is { } id ? ConfigurationRows.Find(unit, id)?.Name : null;
}
