using Dbaas.Domain;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>
/// Databases whose configuration groups have other values get them: each when its instance is free, and its database answers.
/// </summary>
public sealed class ConfigurationChanges(
    IDatabase database, ControlSignals signals, GuestOptions options, IIdSource ids, TimeProvider time) : IUpkeep
{
    private readonly Round round = new(atOnce: 500);

    /// <inheritdoc />
    public TimeSpan Every => TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    public Subscription? Listen() => signals.ListenForConfigurations();

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var (waiting, due) = await database.ReadAsync(
            unit =>
            {
                var some = InstanceRows.DueForConfiguration(unit, round.After, round.AtOnce);
                return (some, some.Where(id => CanBeTold(unit, id)).ToList());
            },
            cancellationToken);
        round.Saw(waiting);
        foreach (var id in due)
        {
            var (operation, history) = (ids.NewId(), ids.NewId());
            var started = await database.WriteAsync(
                unit =>
                {
                    if (!LockRows.TryOwn(unit, id, operation, onlyReady: true, onlyWithoutSlaves: false))
                    {
                        return false;
                    }

                    OperationRows.Insert(unit, operation, OperationKinds.ApplyConfiguration, id, null, now);
                    HistoryRows.Add(unit, HistoryEntry.Started(history, id, OperationKinds.ApplyConfiguration, operation, now));
                    return true;
                },
                cancellationToken);
            if (started)
            {
                signals.OperationIsDue();
            }
        }
    }

    // An agent of before is brought up to date first; until then it has nothing to refuse.
    private bool CanBeTold(IUnit unit, string id) =>
        GuestRows.Find(unit, id)?.IsHealthy(options.SilentAfter) == true
        && GuestRows.FindAgent(unit, id) is { } agent && GuestCommand.WhyNotBy(typeof(ApplyConfiguration), agent.Protocol) is null;
}
