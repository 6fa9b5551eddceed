using System.Text.Json;
using Dbaas.Domain;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Logs;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Logs;

/// <summary>
/// Has a log published, or what was published removed, and waits for it: Trove's clients take the answer for the end. What takes longer
/// goes on.
/// </summary>
internal sealed class LogPublication(
    IDatabase database, ControlSignals signals, IIdSource ids, TroveApiOptions options, TimeProvider time)
{
    private const int SecretLength = 43;
    private const int PlaceLength = 32;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public async Task RunAsync(string instanceId, string name, PublishLogGoal goal, CancellationToken cancellationToken)
    {
        var (operationId, historyId) = (ids.NewId(), ids.NewId());
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var (logId, place, secret) = (PublishedLog.IdOf(instanceId, name), ids.NewSecret(PlaceLength), ids.NewSecret(SecretLength));
        try
        {
            await database.WriteAsync(
                unit =>
                {
                    OperationRows.Insert(
                        unit, operationId, OperationKinds.PublishLog, instanceId,
                        JsonSerializer.Serialize(goal, JsonSerializerOptions.Web), now, Subject.GuestLog(logId));
                    GuestLogRows.Ensure(unit, instanceId, name, place, secret);
                    GuardException.Unless(LockRows.TryOwnGuestLog(unit, logId, operationId));
                    HistoryRows.Add(unit, HistoryEntry.Started(historyId, instanceId, OperationKinds.PublishLog, operationId, now));
                },
                cancellationToken);
        }
        catch (GuardException)
        {
            throw FaultException.Unprocessable($"The log {name} of instance {instanceId} is being published at the moment.");
        }

        signals.OperationIsDue();
        await EndAsync(operationId, cancellationToken);
    }

    private async Task EndAsync(string operationId, CancellationToken cancellationToken)
    {
        using var news = signals.ListenForOperations();
        var began = time.GetTimestamp();
        while (options.GuestTimeout - time.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
        {
            switch (await database.ReadAsync(unit => OperationRows.Find(unit, operationId), cancellationToken))
            {
                case { Status: OperationStatus.Failed } failed:
                    throw FaultException.BadRequest($"The log could not be published: {failed.Fault}");
                case null or { Status: OperationStatus.Succeeded }:
                    return;
                default:
                    await news.WaitAsync(left < LookAgain ? left : LookAgain, cancellationToken);
                    break;
            }
        }
    }
}
