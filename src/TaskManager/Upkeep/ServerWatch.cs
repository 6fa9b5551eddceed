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
public sealed class ServerWatch(ICompute compute, IDatabase database, IIdSource ids, TimeProvider time) : IUpkeep
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
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var suspects = await database.ReadAsync(
            unit =>
            {
                var known = ServerRows.All(unit);
                return InstanceRows.All(unit)
                    .Where(row => row is { Lifecycle: Lifecycle.Ready, LockOwner: null })
                    .Select(row => (row.Id, Facts: known.GetValueOrDefault(row.Id)))
                    .Where(
                        one =>
                            !listed.Contains(one.Id)
                                || one.Facts is null or { MissingSince: not null }
                                || now - one.Facts.Seen > StaleMilliseconds)
                    .OrderBy(one => one.Facts?.MissingSince is null)
                    .Take(AskedAtOnce)
                    .ToList();
            },
            cancellationToken);
        foreach (var (id, facts) in suspects)
        {
            var server = await compute.FindServerAsync(id, cancellationToken);
            await database.WriteAsync(unit => Keep(unit, id, facts, server), cancellationToken);
        }
    }

    private void Keep(IUnit unit, string id, ServerFacts? facts, Server? server)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (server is not null)
        {
            ServerRows.Save(unit, SeenServer.Of(server, now));
        }
        else if (facts?.MissingSince is not { } since)
        {
            ServerRows.SetMissing(unit, id, now);
        }
        else if (now - since >= MissingMilliseconds && InstanceChanges.SetVanished(unit, id, Vanished, now))
        {
            HistoryRows.Add(unit, new HistoryEntry
            {
                Id = ids.NewId(), InstanceId = id, At = now, Event = "server-vanished", Outcome = "seen", Detail = Vanished,
            });
        }
    }
}
