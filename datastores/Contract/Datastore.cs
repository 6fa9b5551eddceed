namespace Dbaas.Datastores.Contract;

/// <summary>
/// A database engine as the guest agent sees it: one required part, the others as it has them. A missing part is the capability answer.
/// Every call on every part may be repeated, and may have been cut off half way the last time.
/// Failures are <see cref="DatastoreException"/>s; cancelling means: stop soon, and leave it repeatable.
/// The agent makes at most one call at a time, except that <see cref="IServerControl.GetStatusAsync"/> and the reading calls of
/// <see cref="IAccounts"/> and <see cref="ILogs"/> may come beside any other, and that jobs go on beside all others: the calls of
/// <see cref="IBackups"/> and <see cref="ILogArchive"/>, and <see cref="IReplication.LoadReplicationSnapshotAsync"/>.
/// </summary>
/// <param name="Name">The datastore's name, for example <c>mariadb</c>.</param>
/// <param name="Server">The server process.</param>
public sealed record Datastore(string Name, IServerControl Server) : IAsyncDisposable
{
    /// <summary>Ends what the datastore keeps open: its connections. The server runs on.</summary>
    public Func<ValueTask> Close { get; init; } = () => ValueTask.CompletedTask;

    /// <summary>Replication, where the engine has it.</summary>
    public IReplication? Replication { get; init; }

    /// <summary>Databases, users and their access, where the engine has them.</summary>
    public IAccounts? Accounts { get; init; }

    /// <summary>Backups, where the engine has them.</summary>
    public IBackups? Backups { get; init; }

    /// <summary>An archive of the log, where the engine has one.</summary>
    public ILogArchive? LogArchive { get; init; }

    /// <summary>Change of parameters while the server runs, where the engine can.</summary>
    public IConfiguration? Configuration { get; init; }

    /// <summary>Logs for people, where the engine has them.</summary>
    public ILogs? Logs { get; init; }

    /// <summary>The names of the optional parts that are there, as told to the control plane.</summary>
    public IReadOnlyList<string> Capabilities =>
    [
        .. Replication is null ? [] : new[] { "replication" },
        .. Accounts is null ? [] : new[] { "accounts" },
        .. Backups is null ? [] : new[] { "backups" },
        .. Backups is { FollowByLog: true } ? new[] { "backups-follow-by-log" } : [],
        .. LogArchive is null ? [] : new[] { "log-archive" },
        .. Configuration is null ? [] : new[] { "configuration" },
        .. Logs is null ? [] : new[] { "logs" },
    ];

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Close();
}
