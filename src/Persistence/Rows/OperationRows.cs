using Dbaas.Domain.Operations;

namespace Dbaas.Persistence.Rows;

/// <summary>The operations table. Goal and state are encrypted.</summary>
public static class OperationRows
{
    // In milliseconds: longer than every wait of a step, and than every lease.
    private const long Far = 10 * 60 * 1000;

    private const string Columns = """
        id, kind, workflow_version, instance_id, status, goal, state, step_index, step_name, step_count, attempts, moves, step_started, due,
        owner, lease_until, claim, fault, superseded_by, created, ended, subject_kind, subject_id,
        request_id, trace_parent, client_ip
        """;

    /// <summary>Adds an operation: its first step is due at once.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="id">Chosen by the caller.</param>
    /// <param name="kind">One of <see cref="OperationKinds"/>.</param>
    /// <param name="instanceId">The instance that it is about, or whose history tells of it.</param>
    /// <param name="goal">What is wanted, as JSON; null when the kind says it all.</param>
    /// <param name="now">When it was asked for, in Unix milliseconds.</param>
    /// <param name="about">What it is about, where that is not the instance itself but something of it.</param>
    public static void Insert(
        IUnit unit, string id, string kind, string instanceId, string? goal, long now, Subject? about = null) =>
        unit.Execute(
            $"""
            INSERT INTO operations (id, kind, workflow_version, instance_id, status, goal, state, step_index, step_name, step_count,
              attempts, moves, step_started, due, wakes, owner, lease_until, claim, fault, superseded_by, created, ended,
              subject_kind, subject_id, request_id, trace_parent, client_ip)
            VALUES (@id, @kind, 0, @instanceId, 'Running', @goal, NULL, 0, '', 0,
              0, 0, {unit.Dialect.Now}, {unit.Dialect.Now}, 0, NULL, NULL, 0, NULL, NULL, @now, NULL,
              @subjectKind, @subjectId, @RequestId, @TraceParent, @ClientIp)
            """,
            new
            {
                id,
                kind,
                instanceId,
                goal = unit.Secrets.Seal(goal, id),
                now,
                subjectKind = (about?.Kind ?? SubjectKind.Instance).ToString(),
                subjectId = about?.Id,
                unit.Origin.RequestId,
                unit.Origin.TraceParent,
                unit.Origin.ClientIp,
            });

    /// <summary>The operation, with goal and state decrypted.</summary>
    public static Operation? Find(IUnit unit, string id)
    {
        var row = unit.First<Operation>($"SELECT {Columns} FROM operations WHERE id = @id", new { id });
        return row is null ? null : row with { Goal = unit.Secrets.Open(row.Goal, id), State = unit.Secrets.Open(row.State, id) };
    }

    /// <summary>Operations of an instance that have not ended, without goal and state.</summary>
    public static IReadOnlyList<Operation> Active(IUnit unit, string instanceId) =>
        unit.Query<Operation>(
            $"SELECT {Columns} FROM operations WHERE instance_id = @instanceId AND status IN ('Running', 'Undoing') ORDER BY created, id",
            new { instanceId }).Select(row => row with { Goal = null, State = null }).ToList();

    /// <summary>The operation has not ended.</summary>
    public static bool IsActive(IUnit unit, string id) =>
        unit.First<string>("SELECT id FROM operations WHERE id = @id AND status IN ('Running', 'Undoing')", new { id }) is not null;

    /// <summary>Operations that somebody should work on now, or within a while: the longest due first.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="within">How far to look ahead.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="known">What the caller can work on; null: whatever it is.</param>
    public static IReadOnlyList<DueOperation> FindDue(
        IUnit unit, TimeSpan within, int limit, IReadOnlyList<KnownOperation>? known = null)
    {
        var now = unit.Dialect.Now;
        var parameters = new Dictionary<string, object?>
        {
            ["limit"] = limit, ["far"] = Far, ["within"] = (long)within.TotalMilliseconds,
        };
        return unit.Query<DueOperation>(
            $"""
            SELECT id, CASE WHEN owner IS NULL THEN due ELSE lease_until END - {now} AS due_in FROM operations
            WHERE status IN ('Running', 'Undoing')
              AND (due <= {now} + @within OR due > {now} + @far)
              AND (owner IS NULL OR lease_until < {now} + @within OR lease_until > {now} + @far)
              {(known is null ? "" : $"AND ({string.Join(" OR ", known.Select(Is).DefaultIfEmpty("1 = 0"))})")}
            ORDER BY due LIMIT @limit
            """,
            parameters).Select(one => one.DueIn > Far ? one with { DueIn = 0 } : one).ToList();

        string Is(KnownOperation one, int number)
        {
            parameters[$"kind{number}"] = one.Kind;
            parameters[$"version{number}"] = one.Version;
            return $"(kind = @kind{number} AND workflow_version = @version{number})";
        }
    }

    /// <summary>Somebody could not claim it, and nobody should try again at once.</summary>
    public static void Postpone(IUnit unit, string id, TimeSpan wait) =>
        unit.Execute(
            $"""
            UPDATE operations SET due = {unit.Dialect.Now} + @wait
            WHERE id = @id AND status IN ('Running', 'Undoing') AND {IsFree(unit)}
            """,
            new { id, wait = (long)wait.TotalMilliseconds, far = Far });

    /// <summary>Claims an operation for a worker, and raises the fence of every instance that it owns.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="id">The operation.</param>
    /// <param name="version">The version of its workflow as it was looked at: the worker knows this one, and perhaps no other.</param>
    /// <param name="owner">Who claims.</param>
    /// <param name="lease">How long the claim holds without a sign of life.</param>
    /// <returns>False: somebody else was quicker.</returns>
    public static bool TryClaim(IUnit unit, string id, int version, string owner, TimeSpan lease)
    {
        var claimed = unit.Execute(
            $"""
            UPDATE operations SET owner = @owner, lease_until = {unit.Dialect.Now} + @lease, claim = claim + 1
            WHERE id = @id AND workflow_version = @version AND status IN ('Running', 'Undoing') AND {IsFree(unit)}
            """,
            new { id, version, owner, lease = (long)lease.TotalMilliseconds, far = Far }) == 1;
        if (claimed)
        {
            unit.Execute(
                "UPDATE instances SET fence_counter = fence_counter + 1, version = version + 1 WHERE lock_owner = @id", new { id });
        }

        return claimed;
    }

    /// <summary>Shows that the claim still holds, and makes it last longer. To be first in every unit that a worker writes.</summary>
    /// <returns>False: the claim is lost; the unit must not go on.</returns>
    public static bool Hold(IUnit unit, string id, long claim, string owner, TimeSpan lease) =>
        unit.Execute(
            $"""
            UPDATE operations SET lease_until = {unit.Dialect.Now} + @lease
            WHERE id = @id AND claim = @claim AND owner = @owner AND status IN ('Running', 'Undoing')
            """,
            new { id, claim, owner, lease = (long)lease.TotalMilliseconds }) == 1;

    /// <summary>How often the operation was woken: to be read before looking at what it waits for.</summary>
    public static long Wakes(IUnit unit, string id) => unit.First<long>("SELECT wakes FROM operations WHERE id = @id", new { id });

    /// <summary>Somebody has news for the operation: it is due now.</summary>
    public static void Wake(IUnit unit, string id) =>
        unit.Execute(
            $"""
            UPDATE operations SET wakes = wakes + 1, due = CASE WHEN due > {unit.Dialect.Now} THEN {unit.Dialect.Now} ELSE due END
            WHERE id = @id AND status IN ('Running', 'Undoing')
            """,
            new { id });

    /// <summary>Saves where the operation is. <see cref="Hold"/> came first in this unit.</summary>
    public static void Save(IUnit unit, Operation operation) =>
        unit.Execute(
            """
            UPDATE operations SET workflow_version = @WorkflowVersion, status = @status, state = @state, step_index = @StepIndex,
              step_name = @StepName, step_count = @StepCount, attempts = @Attempts, moves = @Moves,
              step_started = @StepStarted, fault = @fault
            WHERE id = @Id
            """,
            new
            {
                operation.Id,
                operation.WorkflowVersion,
                status = operation.Status.ToString(),
                state = unit.Secrets.Seal(operation.State, operation.Id),
                operation.StepIndex,
                operation.StepName,
                operation.StepCount,
                operation.Attempts,
                operation.Moves,
                operation.StepStarted,
                fault = operation.Fault is { Length: > 2000 } ? operation.Fault[..2000] : operation.Fault,
            });

    /// <summary>
    /// Lets go of the claim for a while; the operation is due at once when it was woken since <paramref name="wakesSeen"/> was read.
    /// </summary>
    public static void Release(IUnit unit, string id, TimeSpan wait, long wakesSeen) =>
        unit.Execute(
            $"""
            UPDATE operations SET owner = NULL, lease_until = NULL,
              due = {unit.Dialect.Now} + CASE WHEN wakes = @wakesSeen THEN @wait ELSE 0 END
            WHERE id = @id
            """,
            new { id, wait = (long)wait.TotalMilliseconds, wakesSeen });

    /// <summary>A worker that stops gives its claim to whoever is there: the operation is due now.</summary>
    /// <returns>False: the claim was lost already.</returns>
    public static bool HandBack(IUnit unit, string id, long claim, string owner) =>
        unit.Execute(
            $"""
            UPDATE operations SET owner = NULL, lease_until = NULL, due = {unit.Dialect.Now}
            WHERE id = @id AND claim = @claim AND owner = @owner AND status IN ('Running', 'Undoing')
            """,
            new { id, claim, owner }) == 1;

    /// <summary>Ends the operation: goal and state are dropped, since they may hold secrets, and its locks are given back.</summary>
    public static void End(IUnit unit, string id, OperationStatus status, long now)
    {
        unit.Execute(
            """
            UPDATE operations SET status = @status, goal = NULL, state = NULL, owner = NULL, lease_until = NULL, ended = @now
            WHERE id = @id AND status IN ('Running', 'Undoing')
            """,
            new { id, status = status.ToString(), now });
        LockRows.ReleaseAll(unit, id);
        unit.Execute("DELETE FROM guest_commands WHERE operation_id = @id", new { id });
    }

    /// <summary>It is to be given up: the operation goes back at its next step, which is due now.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="id">The operation.</param>
    /// <param name="by">The id of the request.</param>
    public static void Supersede(IUnit unit, string id, string by)
    {
        unit.Execute(
            "UPDATE operations SET superseded_by = @by WHERE id = @id AND superseded_by IS NULL AND status IN ('Running', 'Undoing')",
            new { id, by });
        Wake(unit, id);
    }

    /// <summary>The same for an operation that waits for the instance, whoever else has asked for it before.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="id">The operation that has the instance.</param>
    /// <param name="by">The operation that waits for it.</param>
    public static void TakeOver(IUnit unit, string id, string by)
    {
        unit.Execute("UPDATE operations SET superseded_by = @by WHERE id = @id AND status IN ('Running', 'Undoing')", new { id, by });
        Wake(unit, id);
    }

    // A clock that was set back leaves times behind that it will reach only much later: what is further away than any wait or lease is
    // past.
    private static string IsFree(IUnit unit) =>
        $"""
        (due <= {unit.Dialect.Now} OR due > {unit.Dialect.Now} + @far)
          AND (owner IS NULL OR lease_until < {unit.Dialect.Now} OR lease_until > {unit.Dialect.Now} + @far)
        """;
}
