using Dbaas.Domain.Guests;

namespace Dbaas.Persistence.Rows;

/// <summary>The release of the agent that the control plane has: one row, or none.</summary>
public static class AgentReleaseRows
{
    /// <summary>The release; null: there is none.</summary>
    public static AgentRelease? Find(IUnit unit) =>
        unit.First<AgentRelease>("SELECT version, sha256, size FROM agent_release WHERE id = 1");

    /// <summary>This is the release from now on; null: there is none.</summary>
    public static void Save(IUnit unit, AgentRelease? release)
    {
        if (release is null)
        {
            unit.Execute("DELETE FROM agent_release WHERE id = 1");
            return;
        }

        unit.Execute(
            $"INSERT INTO agent_release (id, version, sha256, size) VALUES (1, @Version, @Sha256, @Size) {unit.Dialect.UnlessExists("id")}",
            release);
        unit.Execute("UPDATE agent_release SET version = @Version, sha256 = @Sha256, size = @Size WHERE id = 1", release);
    }
}
