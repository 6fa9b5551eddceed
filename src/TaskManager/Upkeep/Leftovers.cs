using Dbaas.Cloud.Ports;
using Dbaas.Domain;
using Dbaas.Domain.Instances;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Microsoft.Extensions.Logging;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>
/// Removes from the compute plane what carries our mark and has a tombstone in our database; everything else that belongs to nothing is
/// only reported. When more than a few things would have to go within an hour, something is wrong with us: nothing goes, and an alert says
/// so.
/// </summary>
public sealed class Leftovers(
    ICompute compute,
    IVolumes volumes,
    INetworks networks,
    IDatabase database,
    IIdSource ids,
    TimeProvider time,
    ILogger<Leftovers> logger) : IUpkeep
{
    private const string Removed = "leftover-removed";
    private const string RemovedOnRequest = "leftover-removed-on-request";
    private const long HourMilliseconds = 3_600_000;

    /// <summary>More than that in an hour is an accident.</summary>
    private const int MostInAnHour = 5;

    /// <inheritdoc />
    public TimeSpan Every => TimeSpan.FromMinutes(5);

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        // Servers first: what still hangs on one cannot go before it.
        (string Kind, string Key)[] seen =
        [
            .. (await compute.ListServersAsync(cancellationToken)).Select(key => ("server", key)),
            .. (await networks.ListPortsAsync(cancellationToken)).Select(key => ("port", key)),
            .. (await volumes.ListVolumesAsync(cancellationToken)).Select(key => ("volume", key)),
        ];
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var (verdicts, wanted, removedLately) = await database.ReadAsync(
            unit =>
            {
                // Nearly everything belongs to an instance: one statement for these, and one each for the rest.
                var live = InstanceRows.LiveIds(unit).ToHashSet(StringComparer.Ordinal);
                var known = LeftoverRows.All(unit);
                var asked = known.Where(one => one.Removal == LeftoverRemoval.Wanted).Select(one => (one.Kind, one.Subject)).ToHashSet();
                return (
                    seen.Select(one => (one.Kind, one.Key, Verdict: live.Contains(one.Key)
                        ? LeftoverVerdict.Belongs
                        : LeftoverDecision.Decide(
                            one.Kind,
                            InstanceRows.Find(unit, one.Key),
                            OperationRows.Active(unit, one.Key).Count > 0,
                            asked.Contains(one),
                            now))).ToList(),
                    asked,
                    HistoryRows.CountSince(unit, Removed, now - HourMilliseconds));
            },
            cancellationToken);
        await ReportAsync(seen, verdicts, now, cancellationToken);

        // What a person has decided is no accident of ours.
        var removals = verdicts.Where(one => one.Verdict == LeftoverVerdict.Remove).ToLookup(one => wanted.Contains((one.Kind, one.Key)));
        var ours = removals[false].ToList();
        if (ours.Count + removedLately > MostInAnHour)
        {
            logger.LogCritical(
                "{Count} things on the compute plane have tombstones in our database, and {Lately} were removed in the last "
                    + "hour: that is too many "
                + "to be leftovers. Nothing is removed until an administrator decides (GET /mgmt/leftovers)", ours.Count, removedLately);
            await database.WriteAsync(unit => ours.ForEach(one => LeftoverRows.Saw(unit, one.Kind, one.Key, now)), cancellationToken);
            ours = [];
        }

        foreach (var (kind, key, _) in removals[true])
        {
            await RemoveAsync(kind, key, RemovedOnRequest, now, cancellationToken);
        }

        foreach (var (kind, key, _) in ours)
        {
            await RemoveAsync(kind, key, Removed, now, cancellationToken);
        }
    }

    private Task ReportAsync(
        (string Kind, string Key)[] seen, IReadOnlyList<(string Kind, string Key, LeftoverVerdict Verdict)> verdicts, long now,
        CancellationToken cancellationToken) => database.WriteAsync(
        unit =>
        {
            var known = LeftoverRows.All(unit).Select(one => (one.Kind, one.Subject)).ToHashSet();
            foreach (var (kind, key, verdict) in verdicts)
            {
                if (verdict == LeftoverVerdict.Report)
                {
                    LeftoverRows.Saw(unit, kind, key, now);
                }
                else if (verdict == LeftoverVerdict.Belongs && known.Contains((kind, key)))
                {
                    LeftoverRows.Forget(unit, kind, key);
                }
            }

            foreach (var (kind, subject) in known.Except(seen))
            {
                LeftoverRows.Forget(unit, kind, subject);
            }
        },
        cancellationToken);

    private async Task RemoveAsync(string kind, string key, string happening, long now, CancellationToken cancellationToken)
    {
        var isGone = true;
        switch (kind)
        {
            case "server":
                isGone = await compute.DeleteServerAsync(key, cancellationToken);
                break;
            case "port":
                await networks.DeletePortAsync(key, cancellationToken);
                break;
            default:
                isGone = await volumes.DeleteVolumeAsync(key, cancellationToken);
                break;
        }

        if (!isGone)
        {
            return;
        }

        logger.LogWarning("The {Kind} of {Key}, which belonged to nothing, was removed from the compute plane", kind, key);
        await database.WriteAsync(
            unit =>
            {
                LeftoverRows.Forget(unit, kind, key);
                HistoryRows.Add(unit, new HistoryEntry
                {
                    Id = ids.NewId(),
                    InstanceId = key,
                    At = now,
                    Event = happening,
                    Outcome = "done",
                    Detail = $"The {kind} was left over.",
                });
            },
            cancellationToken);
    }
}
