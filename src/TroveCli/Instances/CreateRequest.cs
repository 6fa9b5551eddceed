using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Output;
using Dbaas.TroveCli.Users;

namespace Dbaas.TroveCli.Instances;

/// <summary>The document that create sends.</summary>
internal sealed record CreateRequest(JsonObject Instance, string? MasterId)
{
    public static async Task<CreateRequest> BuildAsync(Call call, CreateParts parts)
    {
        if (call.Get(parts.SlaveOf) is not null && call.Get(parts.ReplicaOf) is not null)
        {
            throw new UsageException("--slave_of and --replica_of mean the same; give one.");
        }

        var masterName = call.Get(parts.SlaveOf) ?? call.Get(parts.ReplicaOf);
        var flavorName = call.Get(parts.Flavor);
        if (masterName is null && flavorName is null)
        {
            throw new UsageException("A flavor is missing: trove create <name> <flavor> …; `trove flavor-list` shows them.");
        }

        // Everything that can be wrong on the command line, before the first request.
        var nic = call.Get(parts.Nic) is { } words ? NicWords.Parse(words) : null;
        var users = UserWords.Read(call, call.Get(parts.Users) ?? [], call.Get(parts.UsersFile));
        var databases = call.Get(parts.Databases) ?? [];
        var access = parts.Access.Read(call);
        RestoreWords.Check(call, parts);

        var instance = new JsonObject { ["name"] = call.Get(parts.Name) };
        AddVolume(instance, call.Get(parts.Size), call.Get(parts.VolumeType));
        AddDatastore(instance, call.Get(parts.Datastore), call.Get(parts.DatastoreVersion));
        if (flavorName is not null)
        {
            var flavor = await call.Find.FlavorAsync(flavorName);
            instance["flavorRef"] = flavor.Text("id") ?? flavor.Text("str_id");
        }

        if (databases.Length > 0)
        {
            instance["databases"] = UserWords.Named(databases);
        }

        if (users.Count > 0)
        {
            instance["users"] = new JsonArray([.. users.Select(user => user.ToJson(host: null, databases))]);
        }

        var masterId = masterName is null ? null : await call.Find.InstanceIdAsync(masterName);
        instance.SetIfGiven(call.Get(parts.SlaveOf) is null ? "replica_of" : "slaveOf", masterId);
        if (call.Get(parts.ReplicaCount) is { } count)
        {
            instance["replica_count"] = count;
        }

        if (await RestoreWords.ReadAsync(call, parts) is { } point)
        {
            instance["restorePoint"] = point;
        }

        if (call.Get(parts.PointInTime))
        {
            instance["point_in_time_recovery"] = true;
        }

        if (nic is not null)
        {
            instance["nics"] = new JsonArray(nic);
        }

        instance.SetIfGiven("availability_zone", call.Get(parts.AvailabilityZone));
        instance.SetIfGiven(
            "configuration", call.Get(parts.Configuration) is { } group ? await call.Find.ConfigurationIdAsync(group) : null);
        instance.SetIfGiven("binary_log", call.Get(parts.BinaryLog));
        instance.SetIfGiven("locality", call.Get(parts.Locality));
        instance.SetIfGiven("failover", call.Get(parts.Failover));
        if (access is not null)
        {
            instance["access"] = access;
        }

        if (call.Get(parts.DeletionProtection))
        {
            instance["deletion_protection"] = true;
        }

        return new CreateRequest(instance, masterId);
    }

    private static void AddVolume(JsonObject instance, int? size, string? type)
    {
        if (size is null)
        {
            if (type is not null)
            {
                throw new UsageException("--volume_type needs --size.");
            }

            return;
        }

        if (size <= 0)
        {
            throw new UsageException(
                string.Create(CultureInfo.InvariantCulture, $"--size must be a number of GB greater than 0, not {size}."));
        }

        var volume = new JsonObject { ["size"] = size };
        volume.SetIfGiven("type", type);
        instance["volume"] = volume;
    }

    private static void AddDatastore(JsonObject instance, string? type, string? version)
    {
        if (type is null && version is null)
        {
            return;
        }

        var datastore = new JsonObject();
        datastore.SetIfGiven("type", type);
        datastore.SetIfGiven("version", version);
        instance["datastore"] = datastore;
    }
}
