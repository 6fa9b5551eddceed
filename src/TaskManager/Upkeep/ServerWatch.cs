using Dbaas.Cloud.Ports;
using Dbaas.Domain;
using Dbaas.Domain.Instances;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Servers;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>
/// Keeps what is known of the servers up to date, and finds those that vanished. Absence from a list proves nothing: a server has vanished
/// when the plane was asked for it by its key, and said no, twice, a minute apart.
/// </summary>
public sealed class ServerWatch(ICompute compute, IDatabase database, IIdSource ids) : IUpkeep
{
    private const int AskedAtOnce = 20;
    private const long MissingMilliseconds = 60_000;
    private const long StaleMilliseconds = 3_600_000;

    private const string Vanished =
        "The server of this instance does not exist any more: it was removed outside of this service. Its volume is kept; "
        + "rebuild the instance, or delete it.";

    /// <inheritdoc />
    public TimeSpan Every => TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var listed = (await compute.ListServersAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
        var suspects = await database.ReadAsync(
            unit =>
            {
                var now = ControlPlaneRows.Now(unit);

                // However many there are: those that may be gone first, and of these, as of all, the one not looked at for longest.
                return ServerRows.ToWatch(unit)
                    .Select(one => (
                        Server: one,
                        MayBeGone: !listed.Contains(one.InstanceId) || one is { Seen: null } or { MissingSince: not null }))
                    .Where(one => one.MayBeGone || now - one.Server.Seen > StaleMilliseconds)
                    .OrderBy(one => one.Server.MissingSince is null)
                    .ThenBy(one => !one.MayBeGone)
                    .ThenBy(one => one.Server.Seen ?? 0)
                    .Take(AskedAtOnce)
                    .Select(one => one.Server)
                    .ToList();
            },
            cancellationToken);
        foreach (var suspect in suspects)
        {
            var server = await compute.FindServerAsync(suspect.InstanceId, cancellationToken);
            var historyId = ids.NewId();
            await database.WriteAsync(unit => Keep(unit, suspect, server, historyId), cancellationToken);
        }
    }

    private static void Keep(IUnit unit, WatchedServer suspect, Server? server, string historyId)
    {
        var (id, now) = (suspect.InstanceId, ControlPlaneRows.Now(unit));
        if (server is not null)
        {
            ServerRows.Save(unit, SeenServer.Of(server, now));
        }
        else if (suspect.MissingSince is not { } since)
        {
            ServerRows.SetMissing(unit, id, now);
        }
        else if (now - since >= MissingMilliseconds && InstanceChanges.SetVanished(unit, id, Vanished, now))
        {
            HistoryRows.Add(unit, new HistoryEntry
            {
                Id = historyId, InstanceId = id, At = now, Event = "server-vanished", Outcome = "seen", Detail = Vanished,
            });
        }
    }
}
