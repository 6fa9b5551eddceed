using System.Security.Cryptography;
using Dbaas.Domain;
using Dbaas.Domain.Archives;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>Every instance that is to be archived is: the next log is begun where the last one ended.</summary>
public sealed class LogArchives(IDatabase database, ControlSignals signals, GuestOptions options, IIdSource ids, TimeProvider time)
    : IUpkeep
{
    // Nobody who knows a log's id can guess where its objects are.
    private const int PlaceBytes = 16;
    private const string Capability = "log-archive";

    /// <summary>What ended before its time may do so again.</summary>
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(10);

    // Between two logs of an instance there is no more than that; where nobody has an archive there is nothing to be quick for.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WithoutArchives = TimeSpan.FromSeconds(15);

    private readonly Round round = new(atOnce: 200);
    private TimeSpan pause = WithoutArchives;

    /// <inheritdoc />
    public TimeSpan Every => pause;

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var (wanted, due, archived) = await database.ReadAsync(
            unit =>
            {
                var some = ArchivedLogRows.InstancesToArchive(unit, round.After, round.AtOnce);
                return (
                    some, some.Where(id => CanBegin(unit, id, now)).ToList(), ArchivedLogRows.InstancesArchived(unit, after: "", limit: 1));
            },
            cancellationToken);
        round.Saw(wanted);
        pause = wanted.Count + archived.Count > 0 ? Soon : WithoutArchives;
        foreach (var instanceId in due)
        {
            // In this order: ids rise with time, and the log's is to be the newest of its instance.
            var (operationId, logId) = (ids.NewId(), ids.NewId());
            var place = $"{logId[^12..]}-{RandomNumberGenerator.GetHexString(PlaceBytes * 2, lowercase: true)}";
            if (await database.WriteAsync(unit => Begin(unit, instanceId, operationId, logId, place, now), cancellationToken))
            {
                signals.OperationIsDue();
            }
        }
    }

    private bool CanBegin(IUnit unit, string instanceId, long now) =>
        GuestRows.Find(unit, instanceId)?.IsHealthy(options.SilentAfter) == true
        && GuestRows.FindAgent(unit, instanceId) is { } agent
        && GuestCommand.WhyNotBy(typeof(ArchiveLog), agent.Protocol) is null
        && agent.Capabilities.Split(' ').Contains(Capability)
        && !(ArchivedLogRows.Newest(unit, instanceId) is { EndedBecause: not null, Ended: { } ended }
            && Math.Abs(now - ended) < (long)PauseAfterFault.TotalMilliseconds);

    private static bool Begin(IUnit unit, string instanceId, string operationId, string logId, string place, long now)
    {
        if (!ArchivedLogChanges.TryBegin(unit, instanceId, logId))
        {
            return false;
        }

        ArchivedLogRows.Insert(unit, new ArchivedLog
        {
            Id = logId,
            TenantId = InstanceRows.Find(unit, instanceId)!.TenantId,
            InstanceId = instanceId,
            PreviousId = ArchivedLogRows.Of(unit, instanceId) is [.., var last] ? last.Id : null,
            Place = place,
            Created = now,
        });
        OperationRows.Insert(unit, operationId, OperationKinds.ArchiveLog, instanceId, null, now, Subject.Log(logId));
        return LockRows.TryOwnLog(unit, logId, operationId);
    }
}
