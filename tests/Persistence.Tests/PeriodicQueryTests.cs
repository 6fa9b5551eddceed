using System.Globalization;
using Dbaas.Domain.Archives;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Logs;
using Dbaas.Domain.Operations;
using Dbaas.Domain.Sets;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

/// <summary>
/// What is asked again and again costs as much as there is to do, and not as much as there is: with some thousands of rows the database
/// says by which index it goes.
/// </summary>
public sealed class PeriodicQueryTests(MariaDbControlDatabase on) : IClassFixture<MariaDbControlDatabase>
{
    private const int Many = 3000;

    private static readonly string[] Some = [.. Enumerable.Range(0, 200).Select(Name)];

    private static readonly Dictionary<string, Action<IUnit>> Queries = new()
    {
        ["operations that are due"] = unit => OperationRows.FindDue(
            unit, TimeSpan.FromSeconds(1), 16, [new KnownOperation { Kind = OperationKinds.Restart }]),
        ["new commands"] = unit => CommandRows.New(unit, TimeSpan.FromMinutes(2)),
        ["commands that wait"] = unit => CommandRows.Waiting(unit, Some),
        ["answers"] = unit => CommandRows.Answered(unit, Some),
        ["certificates"] = unit => GuestRows.Certificates(unit, Some),
        ["guests that report"] = unit => GuestRows.Find(unit, Some),
        ["role epochs"] = unit => InstanceRows.RoleEpochs(unit, Some),
        ["sets that fail over"] = unit => ReplicaSetRows.Automatic(unit, "", 500),
        ["their masters"] = unit => InstanceRows.Find(unit, Some),
        ["their slaves"] = unit => InstanceRows.SlavesOf(unit, Some[..20]),
        ["the gateways' sign"] = unit => GatewayWatchRows.IsDue(unit, TimeSpan.FromSeconds(5)),
        ["masters to demote"] = unit => InstanceRows.DueForDemotion(unit),
        ["configurations to change"] = unit => InstanceRows.DueForConfiguration(unit, "", 500),
        ["a page of guests"] = unit => GuestRows.Page(unit, Name(1000), 500),
        ["servers to watch"] = unit => ServerRows.ToWatch(unit),
        ["what is live"] = unit => InstanceRows.LiveIds(unit),
        ["what was removed lately"] = unit => HistoryRows.CountSince(unit, "leftover-removed", 0),
        ["operations that ended"] = unit => RetentionRows.FindOperations(unit, 0, 100),
        ["requests that nobody waits for"] = unit => RetentionRows.FindRequests(unit, 0, 100),
        ["schedules that are due"] = unit => ScheduleRows.Due(unit),
        ["when the next schedule is due"] = unit => ScheduleRows.UntilNextDue(unit),
        ["runs of schedules"] = unit => ScheduleRunRows.ToLookAt(unit),
        ["schedules that keep"] = unit => ScheduleRows.WithRetention(unit, ""),
        ["verifications"] = unit => VerificationRows.Due(unit, 20),
        ["whether one waits"] = unit => VerificationRows.AnyWaiting(unit),
        ["hidden instances that are left"] = unit => VerificationRows.Left(unit),
        ["instances to archive"] = unit => ArchivedLogRows.InstancesToArchive(unit, "", 200),
        ["instances archived"] = unit => ArchivedLogRows.InstancesArchived(unit, "", 200),
        ["instances with closed logs"] = unit => ArchivedLogRows.InstancesWithClosed(unit, "", 200),
        ["parts of logs that are old"] = unit => GuestLogRows.Expired(unit, 0, 100),
        ["logs of the deleted"] = unit => GuestLogRows.OfDeleted(unit, 100),
        ["logs to sweep"] = unit => GuestLogRows.ToSweep(unit, 0, 100),
        ["history of the deleted"] = unit => RetentionRows.FindHistory(unit, 0, 100),
        ["history of long ago"] = unit => RetentionRows.FindOldHistory(unit, 0, 100),
        ["guests of the deleted"] = unit => RetentionRows.FindGuests(unit, 0, 100),
        ["hidden instances of before"] = unit => RetentionRows.FindVerifiers(unit, 0, 100),
        ["leases of upkeep"] = unit => UpkeepLeaseRows.FindFree(unit, ["a", "b"]),
        ["backups to sweep"] = unit => BackupRows.ToSweep(unit, 0, 100),
        ["archived logs to sweep"] = unit => ArchivedLogRows.ToSweep(unit, 0, 100),
        ["a page of instances"] = unit => InstanceRows.Page(unit, Name(1000), 500),
        ["a wave of a rollout"] = unit => RolloutRows.Wave(unit, 3),
        ["whether a rollout has begun"] = unit => RolloutRows.HasMembers(unit),
        ["who was in a wave"] = unit => RolloutRows.MembersAmong(unit, Some),
        ["the instances of a wave"] = unit => InstanceRows.Find(unit, Some),
    };

    // One is compared with what a plane lists, the others end at their limits.
    private static readonly string[] AskForMany = ["what is live", "a page of guests", "a page of instances"];

    private static readonly string[] Filled =
    [
        "instances", "guests", "operations", "guest_commands", "instance_history", "agent_rollout_members", "backups", "archived_logs",
        "guest_logs", "guest_log_parts", "replica_sets",
    ];

    public static TheoryData<string> Names => [.. Queries.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_periodic_query_goes_by_an_index(string name)
    {
        await SeedAsync();

        var steps = await on.Read(unit =>
        {
            var explaining = new ExplainingUnit(unit);
            Queries[name](explaining);
            return explaining.Steps;
        });

        Assert.NotEmpty(steps);

        // Most of an index is as bad as the table.
        Assert.DoesNotContain(steps, step => step.RowCount > Many / 10 && (step.Type is "ALL" or "index" || !AskForMany.Contains(name)));
    }

    private static string Name(int number) => $"{number:D8}-0000-7000-8000-000000000000";

    private async Task SeedAsync()
    {
        if (await on.Read(unit => InstanceRows.Find(unit, Name(Many - 1))) is not null)
        {
            return;
        }

        foreach (var numbers in Enumerable.Range(0, Many).Chunk(500))
        {
            await on.Write(unit =>
            {
                foreach (var number in numbers)
                {
                    InstanceRows.Insert(unit, Make.Instance(Name(number)) with { Lifecycle = Lifecycle.Building });
                    OperationRows.Insert(unit, Name(number), OperationKinds.Restart, Name(number), null, 1);
                    ReplicaSetRows.SetFailover(
                        unit, Name(number), number % 100 == 0 ? FailoverPolicy.Automatic : FailoverPolicy.Manual, Name(number));
                    CommandRows.Ensure(unit, Make.Command(Name(number), Name(number)) with { Expires = number });
                    HistoryRows.Add(unit, new HistoryEntry
                    {
                        Id = Name(number), InstanceId = Name(number), At = 1, Event = $"event-{number % 50}", Outcome = "done",
                    });
                    RolloutRows.AddMember(unit, Name(number), number / 10, Name(number));
                    BackupRows.Insert(unit, new Backup { Id = Name(number), InstanceId = Name(number), TenantId = "project" });
                    ArchivedLogRows.Insert(unit, new ArchivedLog { Id = Name(number), InstanceId = Name(number), TenantId = "project" });
                    GuestLogRows.Ensure(unit, Name(number), "error", "place", "secret");
                    GuestLogRows.TryAddPart(
                        unit, PublishedLog.IdOf(Name(number), "error"), new PublishedPart { Object = "part", Created = number }, 0, 1, 1);
                }

                unit.Execute("UPDATE backups SET state = 'Completed' WHERE id IN @ids", new { ids = numbers.Select(Name).ToArray() });
                unit.Execute(
                    "UPDATE operations SET due = due + 500000 WHERE id IN @ids", new { ids = numbers.Select(Name).ToArray() });
            });
        }

        await on.Write(unit =>
        {
            foreach (var table in Filled)
            {
                // Without what was written before: its places in an index are counted until they are purged.
                unit.Query<object>($"OPTIMIZE TABLE {table}");
            }
        });
    }

    /// <summary>Each SELECT is explained, and then run.</summary>
    private sealed class ExplainingUnit(IUnit inner) : DecoratedUnit(inner)
    {
        public List<Step> Steps { get; } = [];

        public override IReadOnlyList<T> Query<T>(string sql, object? parameters = null)
        {
            Steps.AddRange(base.Query<Step>("EXPLAIN " + sql, parameters));
            return base.Query<T>(sql, parameters);
        }

        public override T? First<T>(string sql, object? parameters = null)
            where T : default
        {
            Steps.AddRange(base.Query<Step>("EXPLAIN " + sql, parameters));
            return base.First<T>(sql, parameters);
        }
    }

    private sealed record Step
    {
        public string? Table { get; init; }

        public string? Type { get; init; }

        public string? Key { get; init; }

        public string? Rows { get; init; }

        /// <summary>MariaDB says besides how many of them are left, where an index is a filter only.</summary>
        public long RowCount => long.Parse((Rows ?? "0").Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
