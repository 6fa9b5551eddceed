using Dbaas.Domain.Guests;

namespace Dbaas.Persistence.Rows;

/// <summary>The release of the agent that the control plane has: one row, or none.</summary>
public static class AgentReleaseRows
{
    /// <summary>The release; null: there is none.</summary>
    public static AgentRelease? Find(IUnit unit) =>
        unit.First<AgentRelease>("SELECT version, sha256, size FROM agent_release WHERE id = 1");

    /// <summary>When the release that is there was published; 0: there is none, or nobody has said.</summary>
    public static long Published(IUnit unit) => unit.First<long>("SELECT published FROM agent_release WHERE id = 1");

    /// <summary>This is the release from now on, unless a later one is.</summary>
    public static bool TryPublish(IUnit unit, AgentRelease release, long published)
    {
        unit.Execute(
            "INSERT INTO agent_release (id, version, sha256, size, published) VALUES (1, @Version, @Sha256, @Size, @published) "
                + unit.Dialect.UnlessExists("id"),
            new { release.Version, release.Sha256, release.Size, published });
        return unit.Execute(
            """
            UPDATE agent_release SET version = @Version, sha256 = @Sha256, size = @Size, published = @published
            WHERE id = 1 AND published <= @published
            """,
            new { release.Version, release.Sha256, release.Size, published }) == 1;
    }
}
