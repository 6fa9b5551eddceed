using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Domain.Sets;
using Dbaas.TroveApi.Accounts;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Creation;

/// <summary>What a create request asks for, as far as can be told from the request alone.</summary>
internal sealed record CreateRequest
{
    private static readonly string[] NotYet = ["modules", "cluster", "shard_id", "type"];
    private static readonly string[] Localities = ["affinity", "anti-affinity", "soft-affinity", "soft-anti-affinity"];
    private static readonly string[] Networks = ["net-id", "network_id", "subnet_id"];
    private static readonly string[] MasterFields = ["slaveOf", "slave_of", "replica_of"];

    public required string Name { get; init; }

    public string? FlavorId { get; init; }

    public int? VolumeSize { get; init; }

    /// <summary>By name or id; null: the plane's default.</summary>
    public string? VolumeType { get; init; }

    public AccessField? Access { get; init; }

    public string? Locality { get; init; }

    public DatastoreWish Datastore { get; init; } = new(null, null, null);

    public string? MasterId { get; init; }

    /// <summary>Whose data it is to have; null: none.</summary>
    public RestorePoint? Restore { get; init; }

    /// <summary>Its log is to be archived.</summary>
    public bool PointInTime { get; init; }

    public int Count { get; init; } = 1;

    public string? ConfigurationId { get; init; }

    public string? Zone { get; init; }

    /// <summary>As JSON.</summary>
    public string? Nics { get; init; }

    public BinaryLogChoice? BinaryLog { get; init; }

    public bool DeletionProtection { get; init; }

    /// <summary>Of the set that the slave joins; null: as it is.</summary>
    public FailoverPolicy? Failover { get; init; }

    public IReadOnlyList<WantedDatabase> Databases { get; init; } = [];

    public IReadOnlyList<WantedUser> Users { get; init; } = [];

    public static CreateRequest Parse(JsonField body, TroveApiOptions options)
    {
        var wanted = body.Only("instance")["instance"];
        RefuseWhatIsNotThereYet(wanted, options.Region);
        wanted.Only(
        [
            "name", "flavorRef", "volume", "datastore", "databases", "users", "slaveOf", "slave_of", "replica_of", "replica_count", "nics",
            "availability_zone", "configuration", "binary_log", "region_name", "access", "locality", "restorePoint",
            "point_in_time_recovery", "deletion_protection", "failover",
            .. NotYet,
        ]);
        var volume = wanted.FindValue("volume")?.Only("size", "type");
        var masterId = Master(wanted);
        return new CreateRequest
        {
            Name = InstanceName.Read(wanted["name"]),
            FlavorId = wanted.FindValue("flavorRef") is { } flavor ? References.Flavor(flavor) : null,
            VolumeSize = volume?["size"].Number(1, int.MaxValue),
            VolumeType = volume?.FindValue("type")?.Line(255),
            Access = AccessField.Read(wanted),
            Locality = wanted.FindValue("locality") is { } locality ? ReadLocality(locality, masterId) : null,
            Datastore = DatastoreWish.Parse(wanted.FindValue("datastore")),
            MasterId = masterId,
            Restore = wanted.FindValue("restorePoint") is { } point ? RestorePoint.Parse(point) : null,
            PointInTime = wanted.FindValue("point_in_time_recovery")?.Flag() ?? false,
            Count = wanted.FindValue("replica_count") is { } count ? ReadCount(count, masterId) : 1,
            ConfigurationId = wanted.FindValue("configuration") is { } configuration ? References.Of(configuration) : null,
            Zone = wanted.FindValue("availability_zone")?.Line(255),
            Nics = wanted.FindValue("nics") is { } nics ? ReadNics(nics, masterId, options.NetworksAreUuids) : null,
            BinaryLog = wanted.FindValue("binary_log") is { } log ? ReadBinaryLog(log) : null,
            DeletionProtection = wanted.FindValue("deletion_protection")?.Flag() ?? false,
            Failover = wanted.FindValue("failover") is { } failover ? ReadFailover(failover, masterId) : null,
            Databases = wanted.FindValue("databases") is { } databases ? AccountBodies.Databases(databases) : [],
            Users = wanted.FindValue("users") is { } users ? AccountBodies.Users(users) : [],
        };
    }

    private static FailoverPolicy ReadFailover(JsonField field, string? masterId) =>
        masterId is null
            ? throw FaultException.BadRequest(
                "An instance without replicas has none that could take its place: give 'failover' with its first replica.")
            : FailoverChoice.Read(field);

    private static void RefuseWhatIsNotThereYet(JsonField wanted, string region)
    {
        foreach (var name in NotYet)
        {
            if (wanted.FindValue(name) is { } field && !(field.Element.ValueKind == JsonValueKind.Array && field.Items().Count == 0))
            {
                throw FaultException.BadRequest($"not available yet: {name}");
            }
        }

        if (wanted.FindValue("region_name") is { } given && given.Text(255) != region)
        {
            throw FaultException.BadRequest("not available yet: region_name");
        }
    }

    private static string? Master(JsonField wanted)
    {
        var named = MasterFields
            .Select(name => wanted.FindValue(name))
            .Where(field => field is not null)
            .Select(field => References.Of(field!.Value))
            .Distinct()
            .ToList();
        return named.Count <= 1 ? named.FirstOrDefault() : throw wanted.Bad("names more than one master");
    }

    private static int ReadCount(JsonField field, string? masterId)
    {
        var count = field.Number(1, 3);
        return count == 1 || masterId is not null ? count : throw FaultException.BadRequest("Replica count only valid for replicas.");
    }

    private static string ReadNics(JsonField field, string? masterId, bool areUuids)
    {
        var nics = field.Items();
        if (nics.Count > 1)
        {
            throw field.Bad("has more than one item");
        }

        foreach (var nic in nics)
        {
            nic.Only("net-id", "network_id", "subnet_id", "ip_address");
            foreach (var (_, value) in nic.Members())
            {
                _ = value.Line(255);
            }

            foreach (var name in areUuids ? Networks : [])
            {
                if (nic.FindValue(name) is { } id && !IsUuid(id.Line(255)))
                {
                    throw id.Bad("is not a UUID");
                }
            }

            if (nic.FindValue("ip_address") is { } address && !IsIPv4(address.Line(255)))
            {
                throw address.Bad("is not an IPv4 address in the form 10.0.0.5");
            }

            if (masterId is not null && nic.FindValue("ip_address") is not null)
            {
                throw FaultException.BadRequest("Cannot specify an IP address when creating replicas.");
            }
        }

        return field.Element.GetRawText();
    }

    // With dashes or without, as Neutron takes it.
    private static bool IsUuid(string text) => Guid.TryParseExact(text, "D", out _) || Guid.TryParseExact(text, "N", out _);

    // As it is written again: "10.1" and "010.0.0.1" are addresses too, of whom is anybody's guess.
    private static bool IsIPv4(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text;

    private static string ReadLocality(JsonField field, string? masterId)
    {
        var rule = field.Text(64);
        if (!Localities.Contains(rule))
        {
            throw field.Bad($"is not one of {string.Join(", ", Localities)}");
        }

        return masterId is null
            ? rule
            : throw FaultException.BadRequest("Cannot specify locality when adding replicas to existing master.");
    }

    private static BinaryLogChoice ReadBinaryLog(JsonField field) => field.Text(64) switch
    {
        "when_replicating" => BinaryLogChoice.WhenReplicating,
        "always" => BinaryLogChoice.Always,
        _ => throw field.Bad("is neither 'when_replicating' nor 'always'"),
    };
}
