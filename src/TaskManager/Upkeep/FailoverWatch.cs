using System.Text.Json;
using Dbaas.Domain;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Domain.Sets;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TaskManager.Planning;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>Starts the ejection of masters that are dead, in sets that fail over by themselves; says why where it does not.</summary>
public sealed class FailoverWatch(IDatabase database, ControlSignals signals, IIdSource ids, TimeProvider time) : IUpkeep
{
    private const int AtOnce = 500;
    private static readonly TimeSpan WhileThereAreSuchSets = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WhileThereAreNone = TimeSpan.FromSeconds(10);

    // By set: since when its master is seen in trouble. Another node that takes this over waits a little longer, and decides the same.
    private readonly Dictionary<string, long> troubled = [];

    private bool thereAreSuchSets;

    /// <inheritdoc />
    public TimeSpan Every => thereAreSuchSets ? WhileThereAreSuchSets : WhileThereAreNone;

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var sets = new List<SeenSet>();
        for (var after = ""; after is not null;)
        {
            var (page, next) = await database.ReadAsync(unit => ReadPage(unit, after), cancellationToken);
            sets.AddRange(page);
            after = next;
        }

        thereAreSuchSets = sets.Count > 0;
        foreach (var gone in troubled.Keys.Except(sets.Select(set => set.Row.Id)).ToList())
        {
            troubled.Remove(gone);
        }

        foreach (var set in sets)
        {
            await ActAsync(set, Decide(set), cancellationToken);
        }
    }

    private static (List<SeenSet> Page, string? Next) ReadPage(IUnit unit, string after)
    {
        var rows = ReplicaSetRows.Automatic(unit, after, AtOnce);
        string[] masters = [.. rows.Select(row => row.MasterId)];
        var slaves = InstanceRows.SlavesOf(unit, masters).ToLookup(slave => slave.SlaveOfId!);
        var instances = InstanceRows.Find(unit, masters).Where(master => !master.Deleted).ToDictionary(master => master.Id);
        var guests = GuestRows.Find(unit, [.. masters, .. slaves.SelectMany(some => some).Select(slave => slave.Id)])
            .ToDictionary(guest => guest.InstanceId);
        var now = ControlPlaneRows.Now(unit);
        return (
            [
                // (A release of before deletes a master, and leaves the row.)
                .. rows.Where(row => instances.ContainsKey(row.MasterId))
                    .Select(row => new SeenSet(row, See(instances[row.MasterId]), [.. slaves[row.MasterId].Select(See)], now)),
            ],
            rows.Count == AtOnce ? rows[^1].Id : null);

        MemberSight See(Instance instance) => new(instance, guests.GetValueOrDefault(instance.Id));
    }

    private FailoverMove Decide(SeenSet set)
    {
        if (!FailoverDecision.IsTroubled(set.Master))
        {
            troubled.Remove(set.Row.Id);
        }
        else if (!troubled.ContainsKey(set.Row.Id))
        {
            troubled[set.Row.Id] = time.GetTimestamp();
        }

        // A date that is still to come was written before that clock was set back.
        return FailoverDecision.Next(
            set.Master,
            set.Slaves,
            troubled.TryGetValue(set.Row.Id, out var since) ? time.GetElapsedTime(since) : TimeSpan.Zero,
            set.Row.FailedOverAt is { } last ? TimeSpan.FromMilliseconds(Math.Abs(set.ReadAt - last)) : null);
    }

    private Task ActAsync(SeenSet set, FailoverMove move, CancellationToken cancellationToken) => move switch
    {
        FailoverMove.FailOver failover => FailOverAsync(set, failover.Because, cancellationToken),
        FailoverMove.Hold hold => HoldAsync(set, hold.Because, cancellationToken),
        _ => HoldAsync(set, null, cancellationToken),
    };

    private async Task HoldAsync(SeenSet set, string? because, CancellationToken cancellationToken)
    {
        if (set.Row.Held == because)
        {
            return;
        }

        var historyId = ids.NewId();
        await database.WriteAsync(
            unit =>
            {
                if (ReplicaSetRows.TrySetHeld(unit, set.Row, because) && because is not null)
                {
                    HistoryRows.Add(unit, new HistoryEntry
                    {
                        Id = historyId, InstanceId = set.Row.MasterId, At = ControlPlaneRows.Now(unit), Event = "failover-held",
                        Outcome = "seen", Detail = because,
                    });
                }
            },
            cancellationToken);
    }

    private async Task FailOverAsync(SeenSet set, string because, CancellationToken cancellationToken)
    {
        var (operation, historyId, master) = (ids.NewId(), ids.NewId(), set.Row.MasterId);
        var goal = new EjectGoal([.. set.Slaves.Select(slave => slave.Instance.Id)], [], because);
        try
        {
            await database.WriteAsync(
                unit =>
                {
                    var now = ControlPlaneRows.Now(unit);
                    GuardException.Unless(ReplicaSetRows.TryFailOver(unit, set.Row));
                    OperationRows.Insert(unit, operation, OperationKinds.EjectMaster, master, JsonSerializer.Serialize(goal), now);
                    var members = set.Slaves.Append(set.Master).Select(sight => sight.Instance);
                    foreach (var member in members.OrderBy(one => one.Id, StringComparer.Ordinal))
                    {
                        GuardException.Unless(LockRows.TryOwn(
                            unit, member.Id, operation, onlyReady: true, onlyWithoutSlaves: false, onlyAtVersion: member.Version));
                    }

                    HistoryRows.Add(
                        unit,
                        HistoryEntry.Started(historyId, master, OperationKinds.EjectMaster, operation, now) with { Detail = because });
                },
                cancellationToken);
        }
        catch (GuardException)
        {
            // Somebody was quicker: the next look sees what there is then.
            return;
        }

        signals.OperationIsDue();
    }

    private sealed record SeenSet(ReplicaSet Row, MemberSight Master, IReadOnlyList<MemberSight> Slaves, long ReadAt);
}
