using Dbaas.Domain.Sets;

namespace Dbaas.Persistence.Rows;

/// <summary>The replica_sets table: what is decided for a set as a whole. Each change says whether it matched.</summary>
public static class ReplicaSetRows
{
    private const string Columns = "id, master_id, failover, failed_over_at, held, version";

    /// <summary>The set of this master; null: nothing was decided for it.</summary>
    public static ReplicaSet? Find(IUnit unit, string masterId) => Find(unit, [masterId]) is [var only] ? only : null;

    /// <summary>The sets of these masters, as far as something was decided for them.</summary>
    public static IReadOnlyList<ReplicaSet> Find(IUnit unit, IReadOnlyCollection<string> masterIds) =>
        masterIds.Count == 0
            ? []
            : unit.Query<ReplicaSet>($"SELECT {Columns} FROM replica_sets WHERE master_id IN @masterIds", new { masterIds });

    /// <summary>Sets that fail over by themselves, in id order, from behind one on.</summary>
    public static IReadOnlyList<ReplicaSet> Automatic(IUnit unit, string after, int limit) =>
        unit.Query<ReplicaSet>(
            $"SELECT {Columns} FROM replica_sets WHERE failover = 'Automatic' AND id > @after ORDER BY id LIMIT @limit",
            new { after, limit });

    /// <summary>What becomes of it when its master does not answer. The caller holds the master's row in this unit.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="masterId">Its master.</param>
    /// <param name="policy">What is wanted.</param>
    /// <param name="newId">Its id, when this is the first that is decided for it.</param>
    public static void SetFailover(IUnit unit, string masterId, FailoverPolicy policy, string newId)
    {
        var failover = policy.ToString();
        var isThere = unit.Execute(
            "UPDATE replica_sets SET failover = @failover, held = NULL, version = version + 1 WHERE master_id = @masterId",
            new { masterId, failover }) == 1;
        if (!isThere)
        {
            unit.Execute(
                "INSERT INTO replica_sets (id, master_id, failover, version) VALUES (@newId, @masterId, @failover, 1)",
                new { newId, masterId, failover });
        }
    }

    /// <summary>It fails over now, by itself.</summary>
    /// <returns>False: it has changed since it was read.</returns>
    public static bool TryFailOver(IUnit unit, ReplicaSet seen) =>
        unit.Execute(
            $"""
            UPDATE replica_sets SET failed_over_at = {unit.Dialect.Now}, held = NULL, version = version + 1
            WHERE id = @Id AND version = @Version AND failover = 'Automatic'
            """,
            new { seen.Id, seen.Version }) == 1;

    /// <summary>Why it does not fail over although its master seems dead; null: nothing seems so.</summary>
    /// <returns>False: it has changed since it was read.</returns>
    public static bool TrySetHeld(IUnit unit, ReplicaSet seen, string? held) =>
        unit.Execute(
            "UPDATE replica_sets SET held = @held, version = version + 1 WHERE id = @Id AND version = @Version",
            new { seen.Id, seen.Version, held = held?.Length > 2000 ? held[..2000] : held }) == 1;

    /// <summary>Another one is the master.</summary>
    public static void SetMaster(IUnit unit, string formerId, string masterId) =>
        unit.Execute(
            "UPDATE replica_sets SET master_id = @masterId, held = NULL, version = version + 1 WHERE master_id = @formerId",
            new { formerId, masterId });

    /// <summary>Its master is gone, and with it the set.</summary>
    public static void Delete(IUnit unit, string masterId) =>
        unit.Execute("DELETE FROM replica_sets WHERE master_id = @masterId", new { masterId });
}
