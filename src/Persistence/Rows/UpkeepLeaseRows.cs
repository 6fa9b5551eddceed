namespace Dbaas.Persistence.Rows;

/// <summary>
/// Who does each kind of upkeep: one owner for each, by a lease that the database's clock judges. It keeps work from being done twice;
/// correct it is without, for every look decides by guarded statements.
/// </summary>
public static class UpkeepLeaseRows
{
    // In milliseconds: longer than every lease, so that one further ahead is of a clock that was set back.
    private const long Far = 10 * 60 * 1000;

    /// <summary>There is such a kind: nobody does it yet.</summary>
    public static void Ensure(IUnit unit, string kind) =>
        unit.Execute(
            $"INSERT INTO upkeep_leases (kind, owner, lease_until) VALUES (@kind, NULL, 0) {unit.Dialect.UnlessExists("kind")}",
            new { kind });

    /// <summary>Which of these kinds nobody does.</summary>
    public static IReadOnlyList<string> FindFree(IUnit unit, IReadOnlyCollection<string> kinds) =>
        kinds.Count == 0
            ? []
            : unit.Query<string>(
                $"SELECT kind FROM upkeep_leases WHERE kind IN @kinds AND {IsFree(unit)} ORDER BY kind", new { kinds, far = Far });

    /// <summary>This one does it from now on, if nobody does.</summary>
    /// <returns>False: somebody else was quicker.</returns>
    public static bool TryTake(IUnit unit, string kind, string owner, TimeSpan lease) =>
        unit.Execute(
            $"""
            UPDATE upkeep_leases SET owner = @owner, lease_until = {unit.Dialect.Now} + @lease
            WHERE kind = @kind AND (owner = @owner OR {IsFree(unit)})
            """,
            new { kind, owner, lease = (long)lease.TotalMilliseconds, far = Far }) == 1;

    /// <summary>Goes on doing those of these kinds that are still its own.</summary>
    /// <returns>How many are.</returns>
    public static int Renew(IUnit unit, IReadOnlyCollection<string> kinds, string owner, TimeSpan lease) =>
        kinds.Count == 0
            ? 0
            : unit.Execute(
                $"UPDATE upkeep_leases SET lease_until = {unit.Dialect.Now} + @lease WHERE kind IN @kinds AND owner = @owner",
                new { kinds, owner, lease = (long)lease.TotalMilliseconds });

    /// <summary>Which of these kinds are this one's.</summary>
    public static IReadOnlyList<string> OwnedBy(IUnit unit, IReadOnlyCollection<string> kinds, string owner) =>
        kinds.Count == 0
            ? []
            : unit.Query<string>(
                "SELECT kind FROM upkeep_leases WHERE kind IN @kinds AND owner = @owner ORDER BY kind", new { kinds, owner });

    /// <summary>Gives back those of these kinds that are its own.</summary>
    /// <returns>How many were.</returns>
    public static int GiveBack(IUnit unit, IReadOnlyCollection<string> kinds, string owner) =>
        kinds.Count == 0
            ? 0
            : unit.Execute(
                "UPDATE upkeep_leases SET owner = NULL, lease_until = 0 WHERE kind IN @kinds AND owner = @owner", new { kinds, owner });

    private static string IsFree(IUnit unit) =>
        $"(owner IS NULL OR lease_until < {unit.Dialect.Now} OR lease_until > {unit.Dialect.Now} + @far)";
}
