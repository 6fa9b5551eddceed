using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Archiving;
using Dbaas.Datastores.MySql.Backups;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Encryption;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql;

/// <summary>
/// Everything in which MariaDB and MySQL differ: statement names, program names, options, the form of GTIDs. Nobody else asks which one it
/// is.
/// </summary>
internal abstract class Flavor
{
    /// <summary>The datastore's name, and the first half of its documents' kinds.</summary>
    public abstract string Name { get; }

    /// <summary>The server.</summary>
    public abstract string ServerProgram { get; }

    /// <summary>What the engine takes before any cache.</summary>
    public abstract int EngineMb { get; }

    /// <summary>The longest user name.</summary>
    public abstract int UserNameLimit { get; }

    /// <summary>
    /// What the root that a user enables gets, in this order: nothing that lifts read-only, skips the log, ends the server, or lets him
    /// give himself any of that.
    /// </summary>
    public abstract IReadOnlyList<string> RootGrants(string account);

    /// <summary>What every user gets before it can log in, so that root cannot open the engine's own databases to it.</summary>
    public abstract IReadOnlyList<string> Guards(string accounts);

    /// <summary>A database as the engine's grants name it.</summary>
    public abstract string GrantName(string database);

    /// <summary>The opposite of <see cref="GrantName"/>.</summary>
    public abstract string DatabaseOfGrant(string name);

    /// <summary>A password, in CREATE USER and ALTER USER, in a form that the engine's log may hold.</summary>
    public abstract string IdentifiedBy(string password);

    /// <summary>Somebody has this user's privileges as a role.</summary>
    public abstract Task<bool> IsRoleOfOthersAsync(Session session, string user, CancellationToken cancellationToken);

    /// <summary>The privileges of a user of the service, so that root cannot touch it.</summary>
    public abstract string ServicePrivileges(string privilege);

    /// <summary>Where the log is now.</summary>
    public abstract Task<LogPosition> ReadPositionAsync(Session session, CancellationToken cancellationToken);

    /// <summary>Comparison and waiting, in the engine's form of GTIDs.</summary>
    public abstract IGtids Gtids { get; }

    /// <summary>The engine's own accounts, beside root and the service's.</summary>
    public abstract bool IsSystemUser(string user);

    /// <summary>Suggestions that the user's parameters may replace.</summary>
    public abstract IEnumerable<(string Name, string Value)> Defaults(OptionFile.Input input);

    /// <summary>Options that the service depends on.</summary>
    public abstract IEnumerable<(string Name, string Value)> Fixed(ServerLayout layout, OptionFile.Input input);

    /// <summary>The programs that make an empty data directory, run under the database's user.</summary>
    public abstract ProcessSpec Initialization(ServerLayout layout, string optionFile, string dataDirectory, string initFile);

    /// <summary>An empty data directory already has what tells this server from others, or keys: none may be made from another.</summary>
    public abstract bool DataHoldsIdentity { get; }

    /// <summary>SQL for the end of that.</summary>
    public abstract string InitializationSql { get; }

    /// <summary>Makes SQL of a folder of time zones.</summary>
    public abstract string TimeZoneProgram { get; }

    /// <summary>How data comes to a slave.</summary>
    public abstract IDataTransfer CreateTransfer(
        DatastoreHost host,
        ServerLayout layout,
        ServerConnections connections,
        Certificates certificates,
        ReplicationUsers users,
        BackupTool tool);

    /// <summary>Backups.</summary>
    public abstract IBackups CreateBackups(BackupParts parts, Restoration restoration);

    /// <summary>How data is made from backups.</summary>
    public abstract IRestoreSteps CreateRestoreSteps(BackupParts parts);

    /// <summary>The binary log's form.</summary>
    public abstract LogForm LogForm { get; }

    /// <summary>Makes statements of a binary log.</summary>
    public abstract string LogReaderProgram { get; }

    /// <summary>Does what statements say.</summary>
    public abstract string ClientProgram { get; }

    /// <summary>A server that does a log again: so that it says afterwards what it has done.</summary>
    public abstract IReadOnlyList<string> ReplayOptions(string scratch);

    /// <summary>Of what such a server wrote down of that, all that is not needed any more.</summary>
    public abstract Task ForgetReplayedAsync(Session session, CancellationToken cancellationToken);

    /// <summary>All transactions that were logged before a file of the log.</summary>
    public abstract Task<string> LoggedBeforeAsync(Session session, string file, CancellationToken cancellationToken);

    /// <summary>Ends the copies of this server's data that it is making for a backup; returns when it makes none.</summary>
    public abstract Task EndOwnCopiesAsync(Session session, CancellationToken cancellationToken);

    /// <summary>Sets read-only as the state wants it.</summary>
    public abstract Task SetReadOnlyAsync(Session session, MemberState state, CancellationToken cancellationToken);

    /// <summary>Lets the agent itself write, nobody else.</summary>
    public abstract Task LiftReadOnlyAsync(Session session, CancellationToken cancellationToken);

    /// <summary>Makes the next GTID higher, by a jump, than any in <paramref name="floor"/> or in the log.</summary>
    public abstract Task RaiseGtidAsync(Session session, string floor, CancellationToken cancellationToken);

    /// <summary>Freshly loaded data: where it stands in the master's history.</summary>
    public abstract Task SetLoadedPositionAsync(Session session, string gtid, CancellationToken cancellationToken);

    /// <summary>The statement that names the source.</summary>
    /// <param name="source">Whom to follow.</param>
    /// <param name="certificate">The file with the only certificate that the source may show.</param>
    /// <param name="wasMaster">This server wrote the log itself until now.</param>
    public abstract string ChangeSource(Source source, string certificate, bool wasMaster);

    /// <summary>What the server is, and both threads and where they are if it follows somebody.</summary>
    public abstract Task<ServerAnswer> LookAsync(Session session, CancellationToken cancellationToken);

    /// <summary>
    /// A slave whose threads do not both run: the next step towards that. What was received before the server started is applied first: it
    /// may be all that is left of it. Repeated until both run.
    /// </summary>
    /// <param name="session">Of the slave.</param>
    /// <param name="layout">Where it keeps what it received.</param>
    /// <param name="receive">False: only the thread that applies is to run; the other one does not.</param>
    /// <param name="cancellationToken">Cuts it off.</param>
    public abstract Task FollowAsync(Session session, ServerLayout layout, bool receive, CancellationToken cancellationToken);

    /// <summary>This server's history without what it logged itself, but with what it had before.</summary>
    public abstract Task<string> HistoryWithoutOwnAsync(Session session, string before, CancellationToken cancellationToken);

    /// <summary>A slave whose threads do not run: its history, from now on. The files of its log go.</summary>
    public abstract Task SetHistoryAsync(Session session, string history, CancellationToken cancellationToken);

    /// <summary>Tables of which a slave would get no rows with its data, each with its engine; none where all are copied.</summary>
    public abstract Task<IReadOnlyList<string>> TablesNotCopiedAsync(Session session, CancellationToken cancellationToken);

    /// <summary>Everything that was received whole is applied.</summary>
    public bool IsDrained(ReplicaStatus status) => status.LeftOver ? status.LeftOverApplied : Gtids.Covers(status.Applied, status.Received);

    /// <summary>Which of these a look says are on.</summary>
    protected static IReadOnlyList<string> WrittenLogs(IReadOnlyDictionary<string, string?> server) =>
        [.. LogKind.Chosen.Select(kind => kind.Switch!).Where(name => server[name] != "0")];

    /// <summary>Both threads and where they are; null when it follows nobody.</summary>
    public async Task<ReplicaStatus?> ReadReplicaStatusAsync(Session session, CancellationToken cancellationToken) =>
        (await LookAsync(session, cancellationToken)).Replica;
}
