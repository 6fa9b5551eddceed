namespace Dbaas.Persistence.Rows;

/// <summary>What the control plane asks of guests, and their answers. Bodies and replies are encrypted.</summary>
public static class CommandRows
{
    // Databases limit the number of parameters.
    private const int IdsAtOnce = 1000;

    private const string Columns = """
        id, instance_id, operation_id, fence_generation, fence_counter, kind, body, deadline_seconds, created, expires, answered, reply
        """;

    /// <summary>Adds a command, unless there is one with this id.</summary>
    public static void Ensure(IUnit unit, GuestCommandRow command) =>
        unit.Execute(
            $"""
            INSERT INTO guest_commands ({Columns}) VALUES (
              @Id, @InstanceId, @OperationId, @FenceGeneration, @FenceCounter, @Kind, @body, @DeadlineSeconds, @Created, @Expires, 0, NULL)
            {unit.Dialect.UnlessExists("id")}
            """,
            new
            {
                command.Id,
                command.InstanceId,
                command.OperationId,
                command.FenceGeneration,
                command.FenceCounter,
                command.Kind,
                body = unit.Secrets.Seal(command.Body, command.Id),
                command.DeadlineSeconds,
                command.Created,
                command.Expires,
            });

    /// <summary>The command, decrypted.</summary>
    public static GuestCommandRow? Find(IUnit unit, string id) =>
        Open(unit, unit.First<GuestCommandRow>($"SELECT {Columns} FROM guest_commands WHERE id = @id", new { id }));

    /// <summary>The command of an instance with the highest of the ids that begin so, decrypted.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="prefix">Ends with '/'.</param>
    /// <param name="instanceId">Who was asked.</param>
    public static GuestCommandRow? FindLast(IUnit unit, string prefix, string instanceId) => FindLast(unit, prefix, instanceId, "");

    /// <summary>The same of those that were answered.</summary>
    public static GuestCommandRow? FindLastAnswered(IUnit unit, string prefix, string instanceId) =>
        FindLast(unit, prefix, instanceId, "AND answered = 1");

    /// <summary>What the agents of these instances have not answered and is still wanted, oldest first.</summary>
    public static IReadOnlyList<GuestCommandRow> Waiting(IUnit unit, IReadOnlyCollection<string> instanceIds) =>
        [.. instanceIds.Chunk(IdsAtOnce).SelectMany(ids => unit.Query<GuestCommandRow>(
            $"""
            SELECT {Columns} FROM guest_commands WHERE instance_id IN @ids AND answered = 0 AND expires > {unit.Dialect.Now}
            ORDER BY created, id
            """,
            new { ids })).Select(row => Open(unit, row)!)];

    /// <summary>
    /// What was asked lately, and is not answered: <see cref="GuestCommandRow.Id"/> and <see cref="GuestCommandRow.InstanceId"/> only.
    /// </summary>
    public static IReadOnlyList<GuestCommandRow> New(IUnit unit, TimeSpan within) =>
        unit.Query<GuestCommandRow>(
            $"SELECT id, instance_id FROM guest_commands WHERE answered = 0 AND created > {unit.Dialect.Now} - @within",
            new { within = (long)within.TotalMilliseconds });

    /// <summary>Which of these were answered.</summary>
    public static IReadOnlyList<string> Answered(IUnit unit, IReadOnlyCollection<string> ids) =>
        [.. ids.Chunk(IdsAtOnce).SelectMany(some => unit.Query<string>(
            "SELECT id FROM guest_commands WHERE id IN @some AND answered = 1", new { some }))];

    /// <summary>Keeps an answer; only the first one counts, and only from the instance that was asked. The body is dropped.</summary>
    /// <returns>True when it was kept now.</returns>
    public static bool Answer(IUnit unit, string id, string instanceId, string reply) =>
        unit.Execute(
            "UPDATE guest_commands SET answered = 1, reply = @reply, body = NULL WHERE id = @id AND instance_id = @instanceId "
                + "AND answered = 0",
            new { id, instanceId, reply = unit.Secrets.Seal(reply, id) }) == 1;

    /// <summary>What this operation asked an instance's agent, and was not answered: nobody is to be sent it any more.</summary>
    public static void Withdraw(IUnit unit, string operationId, string instanceId) =>
        unit.Execute(
            "DELETE FROM guest_commands WHERE operation_id = @operationId AND instance_id = @instanceId AND answered = 0",
            new { operationId, instanceId });

    /// <summary>Removes the answered ones among those that begin so, up to but not including one: they were tries of the same.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="prefix">Ends with '/'.</param>
    /// <param name="before">The one that stays.</param>
    /// <param name="instanceId">Who was asked.</param>
    public static void RemoveTries(IUnit unit, string prefix, string before, string instanceId) =>
        unit.Execute(
            "DELETE FROM guest_commands WHERE id > @prefix AND id < @before AND instance_id = @instanceId AND answered = 1",
            new { prefix, before, instanceId });

    private static GuestCommandRow? FindLast(IUnit unit, string prefix, string instanceId, string and)
    {
        // '0' follows '/': a range of the primary key, in which no letter of a name is a wildcard.
        var end = prefix[..^1] + '0';
        return Open(unit, unit.First<GuestCommandRow>(
            $"""
            SELECT {Columns} FROM guest_commands
            WHERE id > @prefix AND id < @end AND instance_id = @instanceId {and}
            ORDER BY id DESC LIMIT 1
            """,
            new { prefix, end, instanceId }));
    }

    private static GuestCommandRow? Open(IUnit unit, GuestCommandRow? row) =>
        row is null ? null : row with { Body = unit.Secrets.Open(row.Body, row.Id), Reply = unit.Secrets.Open(row.Reply, row.Id) };
}

/// <summary>One row. Times are Unix milliseconds.</summary>
public sealed record GuestCommandRow
{
    /// <summary>Chosen by who asks: the same question has the same id.</summary>
    public string Id { get; init; } = "";

    /// <summary>Who is asked.</summary>
    public string InstanceId { get; init; } = "";

    /// <summary>The operation that asks; null: a request of a user who waits.</summary>
    public string? OperationId { get; init; }

    /// <summary>The fence; null for requests.</summary>
    public long? FenceGeneration { get; init; }

    /// <summary>The fence; null for requests.</summary>
    public long? FenceCounter { get; init; }

    /// <summary>The guest protocol's name of the command.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Its fields as JSON; null once it was answered.</summary>
    public string? Body { get; init; }

    /// <summary>How long the agent may work on it.</summary>
    public int DeadlineSeconds { get; init; }

    /// <summary>When it was asked.</summary>
    public long Created { get; init; }

    /// <summary>Not handed over any more after this.</summary>
    public long Expires { get; init; }

    /// <summary>There is a reply.</summary>
    public bool Answered { get; init; }

    /// <summary>The guest protocol's reply as JSON.</summary>
    public string? Reply { get; init; }
}
