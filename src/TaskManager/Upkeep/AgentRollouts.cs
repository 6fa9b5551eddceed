using System.Text.Json;
using Dbaas.Domain;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Planning;
using Microsoft.Extensions.Logging;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>
/// Brings all agents to the release that an administrator has asked for: looks, asks <see cref="Rollout"/>, makes one move. At the first
/// failure it stops, and an alert says so. It goes round among the instances a page at each look; a wave is of one page.
/// </summary>
public sealed class AgentRollouts(
    IDatabase database,
    ControlSignals signals,
    GuestOptions options,
    IIdSource ids,
    TimeProvider time,
    ILogger<AgentRollouts> logger) : IUpkeep
{
    private const int AtOnce = 500;

    private long number;
    private Round round = new(AtOnce);
    private bool wasAnyBusy;

    /// <inheritdoc />
    public TimeSpan Every => TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var rollout = await database.ReadAsync(RolloutRows.Find, cancellationToken);
        if (rollout.State != RolloutState.Running)
        {
            return;
        }

        if (number != rollout.Number)
        {
            (number, round, wasAnyBusy) = (rollout.Number, new Round(AtOnce), false);
        }

        var (seen, page) = await database.ReadAsync(unit => Look(unit, rollout, now), cancellationToken);
        switch (Rollout.Next(seen))
        {
            case RolloutMove.Turn:
                round.Saw(page);
                wasAnyBusy = seen.IsAnyBusy && !seen.IsLastPage;
                break;
            case RolloutMove.NextWave next:
                await StartAsync(rollout, next.InstanceIds, now, cancellationToken);
                break;
            case RolloutMove.Finish:
                await EndAsync(rollout, RolloutState.Finished, null, now, cancellationToken);
                break;
            case RolloutMove.Stop stop:
                if (await EndAsync(rollout, RolloutState.Stopped, stop.Why, now, cancellationToken))
                {
                    logger.LogCritical(
                        "The rollout of the agent {Version} was stopped in wave {Wave}. {Why}", rollout.Version, rollout.Wave, stop.Why);
                }

                break;
        }
    }

    private (RolloutSeen Seen, IReadOnlyList<string> Page) Look(IUnit unit, AgentRollout rollout, long now)
    {
        var wave = RolloutRows.Wave(unit, rollout.Wave).ToDictionary(member => member.InstanceId, member => member.OperationId);
        var page = InstanceRows.Page(unit, round.After, AtOnce);
        var inWaves = RolloutRows.MembersAmong(unit, [.. page.Select(row => row.Id)]).ToHashSet();

        // Hidden ones serve nobody, and are gone soon.
        var others = page.Where(row => row.TenantId != Verifier.Project && !inWaves.Contains(row.Id));
        var seen = new RolloutSeen
        {
            WaveSize = rollout.WaveSize,
            HasBegun = RolloutRows.HasMembers(unit),
            LastWave =
            [
                .. FactsOf(unit, InstanceRows.Find(unit, wave.Keys)).Select(
                    one => one.AfterUpgrade(OperationRows.Find(unit, wave[one.Instance.Id]), now)),
            ],
            Others = [.. FactsOf(unit, [.. others]).Select(one => one.BeforeUpgrade(rollout.Version))],
            IsLastPage = page.Count < AtOnce,
            WasAnyBusy = wasAnyBusy,
        };
        return (seen, [.. page.Select(row => row.Id)]);
    }

    private IEnumerable<RolloutFacts> FactsOf(IUnit unit, IReadOnlyList<Instance> rows)
    {
        var guests = GuestRows.Find(unit, rows.Select(row => row.Id)).ToDictionary(guest => guest.InstanceId);
        var agents = GuestRows.FindAgents(unit, rows.Select(row => row.Id)).ToDictionary(agent => agent.InstanceId);
        return rows.Select(row => new RolloutFacts
        {
            Instance = row,
            Answers = options.IsAnswering(guests.GetValueOrDefault(row.Id)),
            ServerState = guests.GetValueOrDefault(row.Id)?.ServerState ?? "",
            AgentVersion = agents.GetValueOrDefault(row.Id)?.AgentVersion,
            CanBeAsked = agents.GetValueOrDefault(row.Id)?.Protocol >= UpgradeAgent.SinceProtocol,
        });
    }

    private async Task StartAsync(AgentRollout rollout, IReadOnlyList<string> instanceIds, long now, CancellationToken cancellationToken)
    {
        var goal = JsonSerializer.Serialize(UpgradeAgentGoal.Of(rollout.Release), JsonSerializerOptions.Web);
        var wave = instanceIds.Select(id => (Id: id, Operation: ids.NewId())).ToList();
        await database.WriteAsync(
            unit =>
            {
                if (!RolloutRows.TryNextWave(unit, rollout.Number, rollout.Wave))
                {
                    return;
                }

                // One that has become busy since it was looked at comes in a later wave.
                foreach (var (id, operation) in wave.Where(
                    one => LockRows.TryOwn(unit, one.Id, one.Operation, onlyReady: true, onlyWithoutSlaves: false)))
                {
                    OperationRows.Insert(unit, operation, OperationKinds.UpgradeAgent, id, goal, now);
                    RolloutRows.AddMember(unit, id, rollout.Wave + 1, operation);
                }
            },
            cancellationToken);
        signals.OperationIsDue();
    }

    private Task<bool> EndAsync(AgentRollout rollout, RolloutState state, string? detail, long now, CancellationToken cancellationToken) =>
        database.WriteAsync(unit => RolloutRows.TryEnd(unit, rollout.Number, state, detail, now), cancellationToken);
}
