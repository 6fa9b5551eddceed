using Dbaas.Domain.Instances;

namespace Dbaas.Persistence.Rows;

/// <summary>What is on the compute plane and belongs to no instance.</summary>
public static class LeftoverRows
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Leftover> All(IUnit unit) =>
        unit.Query<Leftover>("SELECT kind, subject, first_seen, last_seen, removal FROM leftovers ORDER BY kind, subject");

    /// <summary>It was seen.</summary>
    public static void Saw(IUnit unit, string kind, string subject, long now)
    {
        unit.Execute(
            $"""
            INSERT INTO leftovers (kind, subject, first_seen, last_seen, removal) VALUES (@kind, @subject, @now, @now, 'AwaitsDecision')
            {unit.Dialect.UnlessExists("kind")}
            """,
            new { kind, subject, now });
        unit.Execute("UPDATE leftovers SET last_seen = @now WHERE kind = @kind AND subject = @subject", new { kind, subject, now });
    }

    /// <summary>An administrator wants it gone.</summary>
    /// <returns>False: there is no such thing.</returns>
    public static bool Want(IUnit unit, string kind, string subject) =>
        unit.Execute("UPDATE leftovers SET removal = 'Wanted' WHERE kind = @kind AND subject = @subject", new { kind, subject }) == 1;

    /// <summary>It is gone, or belongs to an instance after all.</summary>
    public static void Forget(IUnit unit, string kind, string subject) =>
        unit.Execute("DELETE FROM leftovers WHERE kind = @kind AND subject = @subject", new { kind, subject });
}
