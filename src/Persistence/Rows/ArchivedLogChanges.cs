using Dbaas.Domain.Archives;

namespace Dbaas.Persistence.Rows;

/// <summary>Guarded changes of an archived log's row, and of what its instance says of it. Each says whether it matched.</summary>
public static class ArchivedLogChanges
{
    private const int LongestSentence = 2000;

    /// <summary>A log of this instance is being archived: it keeps nobody from owning the instance.</summary>
    /// <returns>False: the instance is not ready, is owned by an operation, is not to be archived, or is archived already.</returns>
    public static bool TryBegin(IUnit unit, string instanceId, string logId) =>
        unit.Execute(
            """
            UPDATE instances SET running_log = @logId, version = version + 1
            WHERE id = @instanceId AND deleted = 0 AND lifecycle = 'Ready' AND lock_owner IS NULL AND running_log IS NULL
              AND point_in_time = 1
            """,
            new { instanceId, logId }) == 1;

    /// <summary>Who can open it.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="id">The log.</param>
    /// <param name="recipients">Public keys, separated by blanks.</param>
    /// <param name="identity">The private key; null: only the project has it, whose own key this is.</param>
    public static void SetKeys(IUnit unit, string id, string recipients, string? identity) =>
        unit.Execute(
            """
            UPDATE archived_logs SET recipients = @recipients, identity = @identity, own_key = @ownKey, version = version + 1
            WHERE id = @id
            """,
            new { id, recipients, identity = unit.Secrets.Seal(identity, id), ownKey = identity is null ? 1 : 0 });

    /// <summary>An agent has begun, with nothing written yet.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="id">The log.</param>
    /// <param name="run">The agent's try.</param>
    /// <param name="place">The datastore's description of where it begins.</param>
    /// <param name="position">All transactions before that.</param>
    /// <param name="committed">When the last of them was committed.</param>
    /// <param name="gap">Why it does not go on where the one before ended.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <returns>False: it is closed, or another try has begun.</returns>
    public static bool TryTellBeginning(
        IUnit unit, string id, string run, string place, string position, long? committed, string? gap, long now) =>
        unit.Execute(
            """
            UPDATE archived_logs SET run = @run, from_place = @place, reached_place = @place, position = @position,
              committed = @committed, gap = @gap,
              begun = CASE WHEN previous_id IS NOT NULL AND @gap IS NULL THEN created ELSE @now END, version = version + 1
            WHERE id = @id AND deleted = 0 AND state = 'Open' AND parts = 0 AND (run IS NULL OR run = @run)
            """,
            new { id, run, place, position, committed, gap = Short(gap), now }) == 1;

    /// <summary>One part more is stored. The same again changes nothing.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="id">The log.</param>
    /// <param name="run">The agent's try.</param>
    /// <param name="parts">How many there are now.</param>
    /// <param name="size">Of the last.</param>
    /// <param name="sha256">Of the last.</param>
    /// <param name="place">The datastore's description of what is reached.</param>
    /// <param name="position">All transactions before that.</param>
    /// <param name="committed">When the last of them was committed.</param>
    /// <returns>False: it is closed, or another try writes it, or a part is missing before this one.</returns>
    public static bool TryTellPart(
        IUnit unit, string id, string run, int parts, int size, string sha256, string place, string position, long? committed)
    {
        var isNew = unit.Execute(
            """
            UPDATE archived_logs SET parts = @parts, stored_bytes = stored_bytes + @size, reached_place = @place, position = @position,
              committed = @committed, version = version + 1
            WHERE id = @id AND deleted = 0 AND state = 'Open' AND run = @run AND parts = @parts - 1
            """,
            new { id, run, parts, size, place, position, committed }) == 1;
        if (isNew)
        {
            unit.Execute(
                """
                INSERT INTO archived_log_parts (log_id, number, size, sha256, committed)
                VALUES (@id, @number, @size, @sha256, @committed)
                """,
                new { id, number = parts - 1, size, sha256, committed });
            return true;
        }

        return unit.First<ArchivedLog>(
            "SELECT id FROM archived_logs WHERE id = @id AND deleted = 0 AND state = 'Open' AND run = @run AND parts = @parts",
            new { id, run, parts }) is not null;
    }

    /// <summary>
    /// From here on no part of it counts, and nothing of it is needed. (The name of no agent's try is like this one.) May be repeated.
    /// </summary>
    /// <returns>False: it has parts that count.</returns>
    public static bool TryGiveUp(IUnit unit, string id) =>
        unit.Execute(
            "UPDATE archived_logs SET run = '-', version = version + 1 WHERE id = @id AND state = 'Open' AND parts = 0",
            new { id }) == 1;

    /// <summary>It has its last part, and its instance is not archived any more. Nothing to do when it was closed.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="log">The log.</param>
    /// <param name="wholeUntil">All that was committed until then is in it or before it; null: not known.</param>
    /// <param name="because">What ended it before its time; null: nothing did.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="sweepAt">When the place of one in which nothing is, which was emptied, is to be looked at once more.</param>
    public static void Close(IUnit unit, ArchivedLog log, long? wholeUntil, string? because, long now, long sweepAt)
    {
        var closed = unit.Execute(
            """
            UPDATE archived_logs SET state = 'Closed', ended = @now, whole_until = @wholeUntil, ended_because = @because,
              version = version + 1
            WHERE id = @Id AND state = 'Open'
            """,
            new { log.Id, now, wholeUntil, because = Short(because) }) == 1;
        if (closed && TryBuryEmpty(unit, log.Id, sweepAt) && log.Gap is null)
        {
            // Nothing was logged meanwhile: the one before is as good.
            unit.Execute(
                """
                UPDATE archived_logs SET whole_until = @wholeUntil, version = version + 1
                WHERE id = @PreviousId AND @wholeUntil IS NOT NULL AND (whole_until IS NULL OR whole_until < @wholeUntil)
                """,
                new { log.PreviousId, wholeUntil });
        }

        unit.Execute(
            "UPDATE instances SET running_log = NULL, version = version + 1 WHERE id = @InstanceId AND running_log = @Id",
            new { log.InstanceId, log.Id });
    }

    /// <summary>It is gone: the row is its tombstone, its key is forgotten, and so are its parts.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="id">The log.</param>
    /// <param name="sweepAt">When its emptied place is to be looked at once more.</param>
    public static void Bury(IUnit unit, string id, long sweepAt)
    {
        unit.Execute(
            """
            UPDATE archived_logs SET deleted = 1, identity = NULL, from_place = NULL, reached_place = NULL, position = NULL,
              sweep_at = @sweepAt, version = version + 1
            WHERE id = @id AND deleted = 0
            """,
            new { id, sweepAt });
        unit.Execute("DELETE FROM archived_log_parts WHERE log_id = @id", new { id });
    }

    /// <summary>How many parts it has is asked of the row itself: an agent may tell one at the same moment.</summary>
    private static bool TryBuryEmpty(IUnit unit, string id, long sweepAt) =>
        unit.Execute(
            """
            UPDATE archived_logs SET deleted = 1, identity = NULL, from_place = NULL, reached_place = NULL, position = NULL,
              sweep_at = @sweepAt, version = version + 1
            WHERE id = @id AND deleted = 0 AND parts = 0
            """,
            new { id, sweepAt }) == 1;

    /// <summary>Its place was looked at.</summary>
    public static void Swept(IUnit unit, string id) =>
        unit.Execute("UPDATE archived_logs SET sweep_at = NULL, version = version + 1 WHERE id = @id", new { id });

    private static string? Short(string? text) => text is { Length: > LongestSentence } ? text[..LongestSentence] : text;
}
