using System.CommandLine;
using Dbaas.TroveCli.Commands;

namespace Dbaas.TroveCli.Instances;

/// <summary>The words of create, under Trove's names.</summary>
internal sealed class CreateParts
{
    public CreateParts()
    {
        BinaryLog.AcceptOnlyFromAmong("when_replicating", "always");
        Locality.AcceptOnlyFromAmong("affinity", "anti-affinity");
        Failover.AcceptOnlyFromAmong("automatic", "manual");
    }

    public Argument<string> Name { get; } = Parts.Required("name", "Name of the new instance.");

    public Argument<string?> Flavor { get; } = Parts.Maybe(
        "flavor", "Id or name of the flavor (`trove flavor-list`). A slave has its master's by default.");

    public Option<int?> Size { get; } = Parts.Number("size", "GB", "Size of the volume in GB. A slave has its master's by default.");

    public Option<string?> VolumeType { get; } = Parts.Text("volume_type", "type", "Type of the volume.");

    public Option<string[]> Databases { get; } = Parts.Several("databases", "database", "Databases to create.");

    public Option<string[]> Users { get; } = Parts.Several(
        "users", "user:password", "Users to create, with access to these databases. Without :password it is asked for.");

    public Option<string?> UsersFile { get; } = Parts.Text(
        "users-file", "file", "Users to create, one name:password a line; - reads standard input.");

    public Option<string?> SlaveOf { get; } = Parts.Text(
        "slave_of", "master", "Id or name of the master: the new instance becomes its slave.");

    public Option<string?> ReplicaOf { get; } = Parts.Text("replica_of", "master", "The same in Trove's later words.");

    public Option<int?> ReplicaCount { get; } = Parts.Number("replica_count", "n", "How many slaves to create at once.");

    public Option<string?> Backup { get; } = Parts.Text(
        "backup", "backup", "Id or name of a backup (`trove backup-list`): the new instance begins with its data.");

    public Option<string?> RestoreOf { get; } = Parts.Text(
        "restore-of", "instance", "Id or name of an instance, also of one that is gone (by its id): the new one is as that was.");

    public Option<string?> RestoreTime { get; } = Parts.Text(
        "restore-time", "time", "With --restore-of or --backup: as it was then, for example 2026-11-29T12:00:05Z.");

    public Option<string?> RestoreGtid { get; } = Parts.Text(
        "restore-gtid", "gtid", "With --backup: as it was behind this transaction.");

    public Option<FileInfo?> PrivateKey { get; } = new("--private-key")
    {
        Description = "With --backup or --restore-of, when that was encrypted for the project's own key: the file of its private half.",
        HelpName = "file",
    };

    public Option<bool> PointInTime { get; } = new("--point-in-time")
    {
        Description = "Archive the binary log all the time, so that the instance can be restored to any moment.",
    };

    public Option<string?> Datastore { get; } = Parts.Text("datastore", "datastore", "Datastore (`trove datastore-list`).");

    public Option<string?> DatastoreVersion { get; } = Parts.Text("datastore_version", "version", "Datastore version.");

    public Option<string?> Nic { get; } = Parts.Text(
        "nic", "net-id=…", "Network: net-id=<id>, subnet-id=<id>, ip-address=<address>, joined by commas.");

    public Option<string?> AvailabilityZone { get; } = Parts.Text("availability_zone", "zone", "Availability zone.");

    public Option<string?> Configuration { get; } = Parts.Text("configuration", "group", "Id or name of a configuration group to attach.");

    public Option<string?> BinaryLog { get; } = Parts.Text(
        "binary-log", "when", "Keep the binary log only while there are slaves, or always (a first slave then needs no restart).");

    public Option<string?> Locality { get; } = Parts.Text(
        "locality", "policy", "Where slaves may be: on the same host as their master (affinity) or on others (anti-affinity).");

    public Option<string?> Failover { get; } = Parts.Text(
        "failover", "policy", "With --slave_of: whether a slave takes the master's place by itself when that is dead, or on request.");

    public AccessOptions Access { get; } = new();

    public Option<bool> DeletionProtection { get; } = new("--deletion-protection")
    {
        Description = "Protect it from deletion, until `trove update --deletion-protection off`.",
    };

    public Symbol[] All =>
    [
        Name, Flavor, Size, VolumeType, Databases, Users, UsersFile, SlaveOf, ReplicaOf, ReplicaCount, Backup, RestoreOf,
        RestoreTime, RestoreGtid, PrivateKey, Datastore, DatastoreVersion, Nic, AvailabilityZone, Configuration, BinaryLog, PointInTime,
        Locality, Failover, .. Access.All, DeletionProtection,
    ];
}
