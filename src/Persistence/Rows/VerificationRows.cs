using Dbaas.Domain.Backups;

namespace Dbaas.Persistence.Rows;

/// <summary>What backups' rows say of their verification, and the hidden instances that are made for it.</summary>
public static class VerificationRows
{
    /// <summary>The longest time that a verification is put off for.</summary>
    public const long LongestPauseMilliseconds = 6 * 3_600_000;

    private const long FirstPauseMilliseconds = 60_000;

    // From then on doubling would be longer than the longest.
    private const int MostDoublings = 8;
    private const int LongestFault = 2000;

    /// <summary>It is to be verified, as soon as its turn comes. One that waits for a later time waits no longer.</summary>
    /// <returns>False: it is not complete, is being deleted, is gone, or is being verified.</returns>
    public static bool TryRequest(IUnit unit, string id, long now) =>
        unit.Execute(
            """
            UPDATE backups SET verification = 'Waiting', verify_due = NULL, verify_tries = 0, verify_fault = NULL, updated = @now,
              version = version + 1
            WHERE id = @id AND deleted = 0 AND state = 'Completed' AND lock_owner IS NULL
              AND (verification IS NULL OR verification = 'Waiting')
            """,
            new { id, now }) == 1;

    /// <summary>
    /// Ids of complete backups whose turn it is, by the database's clock: those that nothing was in the way of first. What is to come later
    /// than anybody says was written before that clock was set back.
    /// </summary>
    public static IReadOnlyList<string> Due(IUnit unit, int limit) =>
        unit.Query<string>(
            $"""
            SELECT id FROM backups
            WHERE verification = 'Waiting' AND state = 'Completed' AND deleted = 0 AND lock_owner IS NULL
              AND (verify_due IS NULL OR verify_due <= {unit.Dialect.Now} OR verify_due > {unit.Dialect.Now} + @longestPause)
            ORDER BY verify_due, id LIMIT @limit
            """,
            new { longestPause = LongestPauseMilliseconds, limit });

    /// <summary>Some backup waits for its verification, whether or not its turn has come.</summary>
    public static bool AnyWaiting(IUnit unit) =>
        unit.First<string>("SELECT id FROM backups WHERE verification = 'Waiting' AND deleted = 0 LIMIT 1") is not null;

    /// <summary>Its verification begins.</summary>
    /// <returns>False: somebody else was quicker, it is gone, or is being deleted.</returns>
    public static bool TryBegin(IUnit unit, string id, string verifierId) =>
        unit.Execute(
            """
            UPDATE backups SET verification = 'Running', verifier_id = @verifierId, version = version + 1
            WHERE id = @id AND deleted = 0 AND state = 'Completed' AND lock_owner IS NULL AND verification = 'Waiting'
            """,
            new { id, verifierId }) == 1;

    /// <summary>
    /// Its verification could not be done, for reasons that are not the backup's: it waits again, each time for twice as long.
    /// </summary>
    /// <param name="unit">The unit.</param>
    /// <param name="id">The backup.</param>
    /// <param name="from">As it was; where it is not any more, nothing happens.</param>
    /// <param name="fault">Why.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static void PutOff(IUnit unit, string id, VerificationState from, string fault, long now) =>
        unit.Execute(

            // When comes first: MariaDB assigns from left to right, and would already see the higher count behind it.
            $"""
            UPDATE backups SET verification = 'Waiting', verifier_id = NULL,
              verify_due = {unit.Dialect.Now} + CASE WHEN verify_tries > @doublings THEN @longest ELSE @first * (1 << verify_tries) END,
              verify_tries = verify_tries + 1, verify_fault = @fault, updated = @now, version = version + 1
            WHERE id = @id AND deleted = 0 AND verification = @from
            """,
            new
            {
                id,
                from = from.ToString(),
                doublings = MostDoublings,
                longest = LongestPauseMilliseconds,
                first = FirstPauseMilliseconds,
                fault = Cut(fault),
                now,
            });

    /// <summary>It cannot be verified: it waits no longer.</summary>
    public static void Decline(IUnit unit, string id, string why, long now) =>
        unit.Execute(
            """
            UPDATE backups SET verification = NULL, verify_fault = @why, updated = @now, version = version + 1
            WHERE id = @id AND deleted = 0 AND verification = 'Waiting'
            """,
            new { id, why, now });

    /// <summary>It was verified.</summary>
    public static void Finish(IUnit unit, string id, Verdict verdict, long now) =>
        unit.Execute(
            """
            UPDATE backups SET verification = NULL, verifier_id = NULL, verify_due = NULL, verify_tries = 0, verify_fault = NULL,
              verified_at = @now, verified_fault = @fault, verified_tables = @Tables, verified_rows = @Rows, verified_checksum = @Checksum,
              verified_details = @Details, updated = @now, version = version + 1
            WHERE id = @id AND deleted = 0
            """,
            new { id, fault = Cut(verdict.Fault), verdict.Tables, verdict.Rows, verdict.Checksum, verdict.Details, now });

    /// <summary>What was found in it, table by table, as JSON; null: nothing was, or it never was verified.</summary>
    public static string? Details(IUnit unit, string id) =>
        unit.First<string>("SELECT verified_details FROM backups WHERE id = @id", new { id });

    /// <summary>Ids of hidden instances that no operation has: what is left of verifications that are over.</summary>
    public static IReadOnlyList<string> Left(IUnit unit) =>
        unit.Query<string>(
            "SELECT id FROM instances WHERE tenant_id = @project AND deleted = 0 AND lock_owner IS NULL ORDER BY id",
            new { project = Verifier.Project });

    private static string? Cut(string? fault) => fault is { Length: > LongestFault } ? fault[..LongestFault] : fault;
}
