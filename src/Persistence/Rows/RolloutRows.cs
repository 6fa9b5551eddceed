using Dbaas.Domain.Guests;

namespace Dbaas.Persistence.Rows;

/// <summary>The rollout of an agent's release: one row, which every change of it is guarded by, and the instances of its waves.</summary>
public static class RolloutRows
{
    /// <summary>The last one, under way or not.</summary>
    public static AgentRollout Find(IUnit unit) =>
        unit.First<AgentRollout>(
            "SELECT number, version, sha256, size, wave_size, wave, state, detail, started, ended FROM agent_rollout WHERE id = 1")!;

    /// <summary>The instances of its waves.</summary>
    public static IReadOnlyList<RolloutMember> Members(IUnit unit) =>
        unit.Query<RolloutMember>("SELECT instance_id, wave, operation_id FROM agent_rollout_members ORDER BY wave, instance_id");

    /// <summary>The instances of one wave.</summary>
    public static IReadOnlyList<RolloutMember> Wave(IUnit unit, int wave) =>
        unit.Query<RolloutMember>(
            "SELECT instance_id, wave, operation_id FROM agent_rollout_members WHERE wave = @wave ORDER BY instance_id", new { wave });

    /// <summary>Some instance is, or was, in a wave of it.</summary>
    public static bool HasMembers(IUnit unit) =>
        unit.First<string>("SELECT instance_id FROM agent_rollout_members ORDER BY wave LIMIT 1") is not null;

    /// <summary>Those of these instances that are in one of its waves.</summary>
    public static IReadOnlyList<string> MembersAmong(IUnit unit, IReadOnlyCollection<string> ids) =>
        ids.Count == 0
            ? []
            : unit.Query<string>("SELECT instance_id FROM agent_rollout_members WHERE instance_id IN @ids", new { ids });

    /// <summary>Begins one.</summary>
    /// <returns>False: one is under way.</returns>
    public static bool TryBegin(IUnit unit, AgentRelease release, int waveSize, long now)
    {
        var begun = unit.Execute(
            """
            UPDATE agent_rollout SET number = number + 1, version = @Version, sha256 = @Sha256, size = @Size, wave_size = @waveSize,
              wave = 0,
              state = 'Running', detail = NULL, started = @now, ended = NULL
            WHERE id = 1 AND state <> 'Running'
            """,
            new { release.Version, release.Sha256, release.Size, waveSize, now }) == 1;
        if (begun)
        {
            unit.Execute("DELETE FROM agent_rollout_members");
        }

        return begun;
    }

    /// <summary>Begins the wave behind this one.</summary>
    /// <returns>False: somebody else has, or the rollout has ended.</returns>
    public static bool TryNextWave(IUnit unit, long number, int wave) =>
        unit.Execute(
            "UPDATE agent_rollout SET wave = wave + 1 WHERE id = 1 AND number = @number AND wave = @wave AND state = 'Running'",
            new { number, wave }) == 1;

    /// <summary>An instance belongs to a wave. <see cref="TryNextWave"/> came first in this unit.</summary>
    public static void AddMember(IUnit unit, string instanceId, int wave, string operationId) =>
        unit.Execute(
            "INSERT INTO agent_rollout_members (instance_id, wave, operation_id) VALUES (@instanceId, @wave, @operationId)",
            new { instanceId, wave, operationId });

    /// <summary>It is over. What is under way in its last wave goes on.</summary>
    /// <returns>False: it was over before, or another one has begun.</returns>
    public static bool TryEnd(IUnit unit, long number, RolloutState state, string? detail, long now) =>
        unit.Execute(
            """
            UPDATE agent_rollout SET state = @state, detail = @detail, ended = @now WHERE id = 1 AND number = @number AND state = 'Running'
            """,
            new { number, state = state.ToString(), detail = detail is { Length: > 2000 } ? detail[..2000] : detail, now }) == 1;
}
