using System.Text.RegularExpressions;
using Dbaas.Domain.Archives;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Logs;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation.Guests;

namespace Dbaas.Simulation.Checks;

/// <summary>
/// Where everything ended, in words: two runs that ended alike have the same, however long they took and how often they tried.
/// </summary>
public static partial class Fingerprint
{
    /// <summary>Takes it.</summary>
    public static async Task<string> TakeAsync(World world)
    {
        var (rows, backups, logs, published, ends, quotas) = await world.Database.ReadAsync(
            unit => (
                Invariants.AllRows(unit),
                Invariants.AllBackups(unit),
                Invariants.AllLogs(unit),
                LogInvariants.All(unit),
                unit.Query<string>(
                    "SELECT DISTINCT i.name || ': ' || o.kind || ' ' || o.status FROM operations o JOIN instances i ON i.id = "
                        + "o.instance_id ORDER BY 1"),
                QuotaRows.Of(unit, ControlApi.Project)),
            CancellationToken.None);
        var names = rows.ToDictionary(row => row.Id, row => row.Name);
        return string.Join(
            Environment.NewLine,
            rows.OrderBy(row => row.Name, StringComparer.Ordinal).Select(row => Describe(world, row, names))
                .Concat(backups.OrderBy(backup => backup.Name, StringComparer.Ordinal).Select(backup => Describe(world, backup, names)))
                .Concat(logs.Select(log => Describe(world, log, names)))
                .Concat(published.Select(log => Describe(world, log, names)))
                .Concat(ends)
                .Concat(quotas.Select(quota => $"{quota.Resource} {quota.InUse}")));
    }

    [GeneratedRegex(@"\d+ (seconds|minutes)")]
    private static partial Regex Duration();

    private static string Describe(World world, Backup backup, Dictionary<string, string> names) => backup.Deleted
        ? $"backup {backup.Name}: deleted, {ObjectsOf(world, backup)} objects"
        : $"backup {backup.Name}: {backup.State} of {SourceOf(backup, names)}{On(backup)}, {backup.ChildCount} follow on it, "
            + $"fault: {Duration().Replace(backup.FaultMessage ?? "none", "some time")}, {ObjectsOf(world, backup)} objects"
            + Verdict(backup);

    private static string Verdict(Backup backup) => backup switch
    {
        { Verification: VerificationState.Waiting, State: BackupState.Completed } =>
            $", to be verified, {Words(backup.VerifyFault)}",
        { VerifiedAt: not null } => $", verified: {backup.VerifiedTables} tables, {Words(backup.VerifiedFault)}",
        _ => "",
    };

    private static string Words(string? fault) => fault is null ? "good" : Duration().Replace(fault, "some time");

    private static string SourceOf(Backup backup, Dictionary<string, string> names) =>
        backup.Location is null ? names[backup.InstanceId] : "another service";

    private static string On(Backup backup) => backup.TakenOn is null ? "" : " on a slave";

    private static string Describe(World world, ArchivedLog log, Dictionary<string, string> names) => log.Deleted
        ? $"log of {names[log.InstanceId]}: deleted, {ObjectsOf(world, log.Place)} objects"
        : $"log of {names[log.InstanceId]}: {log.State}, {log.Parts} parts";

    private static string Describe(World world, PublishedLog log, Dictionary<string, string> names) =>
        $"published {log.Name} of {names[log.InstanceId]}: {log.Published} bytes up to {log.Reached}{(log.Deleted ? ", deleted" : "")}, "
            + $"{ObjectsOf(world, log.Place)} objects";

    private static int ObjectsOf(World world, Backup backup) => ObjectsOf(world, backup.Place);

    private static int ObjectsOf(World world, string place) => world.Objects.All.GetValueOrDefault(place)?.Count ?? 0;

    private static string Configured(Instance row, SimulatedDatabase database) =>
        row.ConfigurationVersion == 0 && database.Configuration.Count == 0
            ? ""
            : $"{(row.ConfigurationId is null ? "no group" : "a group")}{(row.ConfigurationDue ? " to come" : "")}: "
                + $"{string.Join(' ', database.Configuration.Select(pair => $"{pair.Key}={pair.Value}"))}, ";

    private static string Describe(World world, Instance row, Dictionary<string, string> names)
    {
        var place = row.Deleted
            ? "deleted"
            : $"{row.Lifecycle}, slave of {Name(row.SlaveOfId)}, {row.SlaveCount} slaves, "
                + $"fault: {Duration().Replace(row.FaultMessage ?? "none", "some time")}, "
                + $"flavor {row.FlavorId}, access '{row.AllowedCidrs}', volume {row.VolumeSize} GB, cloud: {world.Cloud.Describe(row.Id)}";
        var guest = world.Cloud.Guests.FirstOrDefault(one => one.InstanceId == row.Id);
        if (guest?.Database is not { } database)
        {
            return $"{row.Name}: {place}, no guest";
        }

        return $"{row.Name}: {place}, agent {guest.AgentVersion}, prepared {database.IsPrepared}, "
            + $"{(database.IsRunning ? "running" : "stopped")}, databases {string.Join(' ', database.Databases)}, "
            + $"users {string.Join(' ', database.Users)}, log {database.LogOn} epoch {database.Epoch}, read only {database.IsReadOnly}, "
            + Configured(row, database)
            + $"follows {Name(database.Follows)}, feeds {string.Join(' ', database.ReplicationUsers.Keys.Select(Name))}";

        string Name(string? id) => id is null ? "nobody" : names.GetValueOrDefault(id, id);
    }
}
