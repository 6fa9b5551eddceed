namespace Dbaas.GuestProtocol.Commands;

/// <summary>
/// To an instance: write what it logs into an object set, part by part, while it serves. A job: whatever stops the server ends it, and it
/// ends by itself after a while. However it ends, the parts that were told (<see cref="Channel.Routes.LogParts"/>) count, and no others. It
/// is not begun twice: a repetition by another agent is refused where it tells its beginning. No result.
/// </summary>
public sealed record ArchiveLog : GuestCommand
{
    /// <summary>What is written.</summary>
    public required string LogId { get; init; }

    /// <summary>The datastore's own description of where the one before ended; null: it is the first.</summary>
    public OpaqueDocument? After { get; init; }

    /// <summary>Who can open it: public keys of <c>age</c>, at least one.</summary>
    public required IReadOnlyList<string> Recipients { get; init => field = value ?? []; }

    /// <summary>A part has no more bytes before it is compressed.</summary>
    public required int MostBytes { get; init; }

    /// <summary>How often to look for something new.</summary>
    public required double EverySeconds { get; init; }

    /// <summary>Then it ends by itself.</summary>
    public required double ForSeconds { get; init; }

    /// <summary>What is not archived is kept in the instance for so long after the last such command.</summary>
    public required double KeepForSeconds { get; init; }
}

/// <summary>
/// To an instance that was prepared with <see cref="DataOrigin.Restored"/>: fill it from backups, and then by the log behind them, up to a
/// moment. A job; otherwise as <see cref="RestoreBackup"/>. Result: <see cref="MomentReached"/>.
/// </summary>
public sealed record RestoreMoment : GuestCommand
{
    /// <summary>A backup that is complete by itself, and those that follow on it, in order.</summary>
    public required IReadOnlyList<BackupLink> Chain { get; init => field = value ?? []; }

    /// <summary>What opens them: a private key of <c>age</c>. Kept in memory only.</summary>
    public required string Identity { get; init; }

    /// <summary>The logs behind them, in order.</summary>
    public required IReadOnlyList<LogLink> Logs { get; init => field = value ?? []; }

    /// <summary>To stop before the first transaction that was committed later; null: <see cref="Transaction"/> says where.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>To stop behind this transaction, as the datastore writes it.</summary>
    public string? Transaction { get; init; }

    /// <summary>Never a key.</summary>
    public override string ToString() => $"{nameof(RestoreMoment)} of {Chain.Count} and {Logs.Count}";
}

/// <summary>One archived log.</summary>
/// <param name="LogId">Which.</param>
/// <param name="From">The datastore's own description of where it begins.</param>
/// <param name="Reached">Of where it ends; null: not all of its parts are needed.</param>
/// <param name="Run">The first part of the names of its objects, see <see cref="Channel.ObjectNames"/>.</param>
/// <param name="Identity">What opens it: a private key of <c>age</c>.</param>
/// <param name="Parts">Its parts, in order.</param>
public sealed record LogLink(
    string LogId, OpaqueDocument From, OpaqueDocument? Reached, string Run, string Identity, IReadOnlyList<LogPart> Parts)
{
    /// <summary>Never the key.</summary>
    public override string ToString() => $"{LogId} ({Parts.Count})";
}

/// <summary>One part of an archived log, as it is stored.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">In lower case hexadecimal digits.</param>
public sealed record LogPart(int Size, string Sha256);

/// <summary>The result of <see cref="RestoreMoment"/>.</summary>
/// <param name="Committed">When the last transaction was committed that was done again; null: there was none.</param>
/// <param name="Position">All transactions that the data has, as the datastore writes them.</param>
public sealed record MomentReached(DateTimeOffset? Committed, string Position);
