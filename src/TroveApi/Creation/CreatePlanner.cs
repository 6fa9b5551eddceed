using System.Text.Json;
using Dbaas.Domain;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Catalog;
using Dbaas.Domain.Configurations;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Accounts;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Creation;

/// <summary>Checks a create request against what there is, and says what is to be written.</summary>
internal sealed class CreatePlanner(InstanceReader reader, TroveApiOptions options, IIdSource ids, TimeProvider time)
{
    /// <exception cref="FaultException">It cannot be done.</exception>
    public CreatePlan Plan(IUnit unit, ApiRequest request, CreateRequest wanted)
    {
        var master = wanted.MasterId is { } masterId ? MasterRules.Find(reader, unit, request, masterId) : null;
        var restore = wanted.Restore is { } point ? RestoreRules.Find(unit, request, point, wanted) : RestoreSource.None;
        var chain = restore.Chain;
        var version = VersionOf(unit, wanted, master, chain);
        var flavor = FindFlavor(unit, wanted.FlavorId ?? master?.Instance.FlavorId
            ?? throw FaultException.BadRequest("Validation error: instance 'flavorRef' is a required property"));
        var volume = VolumeSize(wanted, master);
        RestoreRules.CheckVolume(chain, volume);
        var configuration = wanted.ConfigurationId is { } id ? ConfigurationChoice.Find(unit, request, id, version) : null;
        if (configuration is not null)
        {
            ConfigurationChoice.CheckSize(configuration, flavor.MemoryMb, volume);
        }

        CheckZone(unit, wanted.Zone);
        var volumeType = wanted.VolumeType is { } type ? FindVolumeType(unit, type) : master?.Instance.VolumeType;
        CheckAccounts(wanted, version, master);
        var values = configuration is null ? [] : EngineValues.Of(configuration.ValuesJson);
        var create = new CreateInstanceGoal { Databases = wanted.Databases, Users = wanted.Users, Configuration = values };
        var (kind, goal) = (master, chain) switch
        {
            ({ } source, _) => (
                OperationKinds.CreateSlave,
                JsonSerializer.Serialize(new CreateSlaveGoal
                {
                    MasterId = source.Instance.Id,
                    Configuration = values,
                    GroupId = wanted.Count > 1 ? ids.NewId() : null,
                    GroupSize = wanted.Count,
                })),
            (_, [.., var backup]) => (
                OperationKinds.RestoreInstance,
                JsonSerializer.Serialize(new RestoreInstanceGoal(backup.Id, create, restore.Moment, wanted.Restore?.PrivateKey))),
            _ => (OperationKinds.CreateInstance, JsonSerializer.Serialize(create)),
        };
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var instances = Enumerable.Range(1, wanted.Count).Select(number => new PlannedInstance(
            new Instance
            {
                Id = ids.NewId(),
                TenantId = request.Tenant,
                Name = wanted.Count == 1 ? wanted.Name : $"{wanted.Name}-{number}",
                Created = now,
                Updated = now,
                DatastoreVersionId = version.Id,
                FlavorId = flavor.Id,
                MemoryMb = flavor.MemoryMb,
                VolumeSize = volume,
                ConfigurationId = configuration?.Id,
                AvailabilityZone = wanted.Zone,
                VolumeType = volumeType,
                IsPublic = wanted.Access?.IsPublic ?? false,
                AllowedCidrs = wanted.Access?.AllowedCidrs ?? "",
                Locality = master?.Instance.Locality ?? wanted.Locality,
                Nics = wanted.Nics,
                SlaveOfId = master?.Instance.Id,
                Lifecycle = Lifecycle.Building,
                Port = version.Port,
                BinaryLog = BinaryLog(wanted),
                PointInTime = wanted.PointInTime,
                DeletionProtection = wanted.DeletionProtection,
            },
            ids.NewId(),
            ids.NewId(),
            kind,
            goal)).ToList();
        var isRootEnabled = master?.Instance.RootEnabled ?? RestoreRules.MayHoldRoot(unit, restore);
        return new CreatePlan(instances, master?.Instance.Id, configuration, isRootEnabled)
        {
            Failover = wanted.Failover,
            NewSetId = ids.NewId(),
            BackupIds = [.. chain.Select(backup => backup.Id)],
            Note = chain.LastOrDefault(backup => backup.VerifiedFault is not null) is { } bad
                ? $"The backup {bad.Name} ({bad.Id}) did not pass its verification. {bad.VerifiedFault}"
                : null,
        };
    }

    /// <summary>What is archived must be there all the time.</summary>
    private BinaryLogChoice BinaryLog(CreateRequest wanted)
    {
        if (!wanted.PointInTime)
        {
            return wanted.BinaryLog ?? options.BinaryLogDefault;
        }

        if (wanted.MasterId is not null)
        {
            throw FaultException.BadRequest("A replica has the log of its source: turn point_in_time_recovery on there.");
        }

        return wanted.BinaryLog is null or BinaryLogChoice.Always
            ? BinaryLogChoice.Always
            : throw FaultException.BadRequest("point_in_time_recovery needs the binary log all the time: binary_log 'always'.");
    }

    private DatastoreVersion VersionOf(IUnit unit, CreateRequest wanted, InstanceFacts? master, IReadOnlyList<Backup> chain)
    {
        if (chain.Count > 0)
        {
            return RestoreRules.VersionOf(unit, chain[^1], wanted);
        }

        if (master is null)
        {
            return wanted.Datastore.Resolve(unit, options.DefaultDatastore);
        }

        return wanted.Datastore.Fits(master.Version)
            ? master.Version
            : throw FaultException.BadRequest(
                $"A replica has the datastore of its source: {master.Version.DatastoreName} {master.Version.Name}.");
    }

    private static Flavor FindFlavor(IUnit unit, string id) =>
        CatalogRows.Flavor(unit, id) ?? throw FaultException.BadRequest($"Flavor {id} cannot be found.");

    private int VolumeSize(CreateRequest wanted, InstanceFacts? master)
    {
        var size = wanted.VolumeSize ?? master?.Instance.VolumeSize ?? throw FaultException.BadRequest("Volume size was not specified.");
        if (size > options.MaxVolumeSizeGb)
        {
            throw FaultException.OverLimit(
                $"Volume 'size' cannot exceed maximum of {options.MaxVolumeSizeGb} GB, {size} cannot be accepted.");
        }

        var used = master?.Guest?.VolumeUsed ?? 0;
        return size * 1024L * 1024 * 1024 >= used
            ? size
            : throw FaultException.BadRequest(
                $"A volume of {size} GB is too small: the replica source holds {used / 1024.0 / 1024 / 1024:0.0} GB of data.");
    }

    private static void CheckZone(IUnit unit, string? zone)
    {
        if (zone is null)
        {
            return;
        }

        var zones = CatalogRows.Zones(unit);
        if (!zones.Contains(zone))
        {
            throw FaultException.BadRequest($"Availability zone '{zone}' cannot be found. There is: {string.Join(", ", zones)}.");
        }
    }

    private static string FindVolumeType(IUnit unit, string wanted)
    {
        var types = CatalogRows.VolumeTypes(unit);
        return types.FirstOrDefault(type => type.Name == wanted || type.Id == wanted)?.Name
            ?? throw FaultException.BadRequest(types.Count == 0
                ? $"Volume type '{wanted}' cannot be found: there is only one kind of volume here. Leave the type away."
                : $"Volume type '{wanted}' cannot be found. There is: {string.Join(", ", types.Select(type => type.Name))}.");
    }

    private static void CheckAccounts(CreateRequest wanted, DatastoreVersion version, InstanceFacts? master)
    {
        if (wanted.Databases.Count == 0 && wanted.Users.Count == 0)
        {
            return;
        }

        if (master is not null)
        {
            throw FaultException.BadRequest("Cannot create a replica with users or databases.");
        }

        var rules = AccountRules.Of(version.DatastoreName);
        foreach (var database in wanted.Databases)
        {
            rules.NewDatabase(database);
        }

        var names = wanted.Databases.Select(database => database.Name).ToHashSet();
        foreach (var user in wanted.Users)
        {
            rules.NewUser(user);
            if (user.Databases.FirstOrDefault(name => !names.Contains(name)) is { } missing)
            {
                throw FaultException.BadRequest($"Database '{missing}' of user '{user.Name}' is not among the databases of this request.");
            }
        }
    }
}
