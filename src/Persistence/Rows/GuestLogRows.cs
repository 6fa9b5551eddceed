using Dbaas.Domain.Logs;

namespace Dbaas.Persistence.Rows;

/// <summary>The guest_logs table and its parts: what was published of instances' logs.</summary>
public static class GuestLogRows
{
    private const string Columns = "id, instance_id, name, place, reached, published, parts, lock_owner, deleted";

    /// <summary>Adds a row, unless there is one.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="instanceId">Whose log it is.</param>
    /// <param name="name">The log's name.</param>
    /// <param name="place">Where its objects are to be.</param>
    /// <param name="secret">What they are encrypted with.</param>
    public static void Ensure(IUnit unit, string instanceId, string name, string place, string secret)
    {
        var id = PublishedLog.IdOf(instanceId, name);
        unit.Execute(
            $"""
            INSERT INTO guest_logs (id, instance_id, name, place, secret, reached, published, parts, sweep_at, lock_owner, lock_shared,
              version, deleted)
            VALUES (@id, @instanceId, @name, @place, @secret, 0, 0, 0, NULL, NULL, 0, 0, 0) {unit.Dialect.UnlessExists("id")}
            """,
            new { id, instanceId, name, place, secret = unit.Secrets.Seal(secret, id) });
    }

    /// <summary>One log; null: nothing of it was ever published.</summary>
    public static PublishedLog? Find(IUnit unit, string id) =>
        unit.First<PublishedLog>($"SELECT {Columns} FROM guest_logs WHERE id = @id", new { id });

    /// <summary>Those of an instance, in order of name.</summary>
    public static IReadOnlyList<PublishedLog> Of(IUnit unit, string instanceId) =>
        unit.Query<PublishedLog>(
            $"SELECT {Columns} FROM guest_logs WHERE instance_id = @instanceId AND deleted = 0 ORDER BY name", new { instanceId });

    /// <summary>What its objects are encrypted with; null: it is gone.</summary>
    public static string? Secret(IUnit unit, string id) =>
        unit.Secrets.Open(unit.First<Sealed>("SELECT secret FROM guest_logs WHERE id = @id", new { id })?.Secret, id);

    /// <summary>The parts that there are, in order.</summary>
    public static IReadOnlyList<PublishedPart> Parts(IUnit unit, string id) =>
        unit.Query<PublishedPart>(
            "SELECT number, object, line_count, created FROM guest_log_parts WHERE log_id = @id ORDER BY number", new { id });

    /// <summary>One object more is stored, and leads from one place to another.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="id">The log.</param>
    /// <param name="part">The object.</param>
    /// <param name="asked">Where it was to begin.</param>
    /// <param name="next">Where it ends.</param>
    /// <param name="bytes">How many bytes of the log it stands for.</param>
    /// <returns>False: it is known already, or the log has come to another place.</returns>
    public static bool TryAddPart(IUnit unit, string id, PublishedPart part, long asked, long next, long bytes)
    {
        var isNew = unit.Execute(
            """
            UPDATE guest_logs SET reached = @next, published = published + @bytes, parts = parts + 1, version = version + 1
            WHERE id = @id AND deleted = 0 AND reached = @asked AND parts = @Number
            """,
            new { id, next, bytes, asked, part.Number }) == 1;
        return isNew && unit.Execute(
            """
            INSERT INTO guest_log_parts (log_id, number, object, line_count, created)
            VALUES (@id, @Number, @Object, @LineCount, @Created)
            """,
            new { id, part.Number, part.Object, part.LineCount, part.Created }) == 1;
    }

    /// <summary>Nothing of it is published any more; the next time it begins where the log does.</summary>
    public static void Discard(IUnit unit, string id)
    {
        unit.Execute("DELETE FROM guest_log_parts WHERE log_id = @id", new { id });
        unit.Execute("UPDATE guest_logs SET reached = 0, published = 0, version = version + 1 WHERE id = @id", new { id });
    }

    /// <summary>Some parts that were published before this time.</summary>
    public static IReadOnlyList<ExpiredPart> Expired(IUnit unit, long before, int limit) =>
        unit.Query<ExpiredPart>(
            """
            SELECT p.log_id, p.number, p.object, l.place FROM guest_log_parts p JOIN guest_logs l ON l.id = p.log_id
            WHERE p.created < @before ORDER BY p.created LIMIT @limit
            """,
            new { before, limit });

    /// <summary>This part is not there any more.</summary>
    public static void RemovePart(IUnit unit, string id, int number) =>
        unit.Execute("DELETE FROM guest_log_parts WHERE log_id = @id AND number = @number", new { id, number });

    /// <summary>Some whose instances are gone, and that nobody publishes.</summary>
    public static IReadOnlyList<PublishedLog> OfDeleted(IUnit unit, int limit) =>
        unit.Query<PublishedLog>(
            $"""
            SELECT {string.Join(", ", Columns.Split(", ").Select(column => $"l.{column}"))}
            FROM guest_logs l JOIN instances i ON i.id = l.instance_id
            WHERE i.deleted = 1 AND l.deleted = 0 AND l.lock_owner IS NULL ORDER BY l.id LIMIT @limit
            """,
            new { limit });

    /// <summary>Its objects are gone, and its key is forgotten; what comes late is looked for once more.</summary>
    public static void Bury(IUnit unit, string id, long sweepAt)
    {
        unit.Execute("DELETE FROM guest_log_parts WHERE log_id = @id", new { id });
        unit.Execute(
            "UPDATE guest_logs SET deleted = 1, secret = NULL, sweep_at = @sweepAt, version = version + 1 WHERE id = @id",
            new { id, sweepAt });
    }

    /// <summary>Some whose emptied place is to be looked at once more by now.</summary>
    public static IReadOnlyList<PublishedLog> ToSweep(IUnit unit, long now, int limit) =>
        unit.Query<PublishedLog>(
            $"SELECT {Columns} FROM guest_logs WHERE sweep_at <= @now ORDER BY sweep_at LIMIT @limit", new { now, limit });

    /// <summary>Nothing is left of it.</summary>
    public static void Remove(IUnit unit, string id) =>
        unit.Execute("DELETE FROM guest_logs WHERE id = @id AND deleted = 1", new { id });

    private sealed record Sealed
    {
        public string? Secret { get; init; }
    }
}

/// <summary>A part that is to go.</summary>
public sealed record ExpiredPart
{
    /// <summary>The log.</summary>
    public string LogId { get; init; } = "";

    /// <summary>Which part.</summary>
    public int Number { get; init; }

    /// <summary>The object's name.</summary>
    public string Object { get; init; } = "";

    /// <summary>Where it is.</summary>
    public string Place { get; init; } = "";
}
