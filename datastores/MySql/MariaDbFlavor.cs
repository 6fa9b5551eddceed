using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Archiving;
using Dbaas.Datastores.MySql.Backups;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Encryption;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql;

/// <summary>MariaDB.</summary>
internal sealed class MariaDbFlavor : Flavor
{
    private const string RelayLogReadFailure = "1594";

    public override string Name => "mariadb";

    public override string ServerProgram => "mariadbd";

    public override int EngineMb => 80;

    public override int UserNameLimit => 80;

    public override IGtids Gtids { get; } = new MariaDbGtids();

    public override string InitializationSql => "";

    public override string TimeZoneProgram => "mariadb-tzinfo-to-sql";

    public override bool DataHoldsIdentity => false;

    /// <summary>
    /// All on every database there will be, except on the engine's own: of the rows that fit a database the most specific one counts alone.
    /// Globally not: CREATE USER (it renames and alters every account, the agent's too), RELOAD (RESET MASTER), SUPER, READ_ONLY ADMIN,
    /// BINLOG ADMIN and REPLAY, REPLICATION MASTER and SLAVE ADMIN, CONNECTION ADMIN, SET USER (runs code as the agent's login), FILE,
    /// SHUTDOWN.
    /// </summary>
    public override IReadOnlyList<string> RootGrants(string account) =>
    [
        .. Guards("PUBLIC"),
        $"GRANT SELECT ON mysql.* TO {account}",
        $"GRANT SELECT, EXECUTE, SHOW VIEW ON sys.* TO {account}",
        $"GRANT PROCESS, SHOW DATABASES, REPLICATION SLAVE, BINLOG MONITOR, SLAVE MONITOR ON *.* TO {account}",
        $"GRANT ALL PRIVILEGES ON `%`.* TO {account} WITH GRANT OPTION",
    ];

    /// <summary>
    /// Root may grant by pattern, and <c>m%</c> is not the database mysql when that is checked. A row for the database itself hides all
    /// patterns; its one privilege does nothing there, for no table of these has a history.
    /// </summary>
    public override IReadOnlyList<string> Guards(string accounts) =>
        [$"GRANT DELETE HISTORY ON mysql.* TO {accounts}", $"GRANT DELETE HISTORY ON sys.* TO {accounts}"];

    /// <summary>In grants, _ and % in a name are wildcards.</summary>
    public override string GrantName(string database) => Sql.EscapeWildcards(database);

    public override string DatabaseOfGrant(string name) => Sql.UnescapeWildcards(name);

    /// <summary>
    /// Its log repeats the statement, so the statement holds what the engine would keep. The engine's own way to hash, which is no
    /// better than it is.
    /// </summary>
    public override string IdentifiedBy(string password)
    {
#pragma warning disable CA5350 // The form is the engine's.
        var hash = SHA1.HashData(SHA1.HashData(Encoding.UTF8.GetBytes(password)));
#pragma warning restore CA5350
        return $"IDENTIFIED BY PASSWORD '{(password.Length == 0 ? "" : '*' + Convert.ToHexString(hash))}'";
    }

    /// <summary>Roles are not users here.</summary>
    public override Task<bool> IsRoleOfOthersAsync(Session session, string user, CancellationToken cancellationToken) =>
        Task.FromResult(false);

    public override string ServicePrivileges(string privilege) => privilege;

    public override bool IsSystemUser(string user) => user is "mariadb.sys" or "mysql" or "PUBLIC";

    public override IEnumerable<(string Name, string Value)> Defaults(OptionFile.Input input) =>
    [
        ("innodb_log_file_size", "50M"),

        // Only system tables and temporary tables on disk use it; the default would be larger than a small instance.
        ("aria_pagecache_buffer_size", $"{Math.Max(8, input.MemoryMb / 64)}M"),

        // Trove turns the query cache on. One lock for all queries, and off by default in the engine since 10.1.7: left off.
        ("query_cache_size", "0"),
        (ScheduledEvents.Scheduler, "OFF"),
        (LogExpiry.Name, $"{LogExpiry.DefaultSeconds}"),
    ];

    public override IEnumerable<(string Name, string Value)> Fixed(ServerLayout layout, OptionFile.Input input) =>
    [
        ("secure_file_priv", layout.Exchange),
        ("symbolic_links", "0"),

        // See FollowAsync.
        ("skip_slave_start", "1"),
        ("slave_net_timeout", $"{Source.SilentForSeconds}"),
        .. input.Member.LogOn
            ?
            [
                ("log_bin", Path.Combine(layout.BinaryLog, "binlog")),
                // A logged statement runs on a slave without any check of privileges, and so would the functions that it calls.
                ("binlog_format", "ROW"),
                ("log_bin_trust_function_creators", "1"),
                ("log_slave_updates", "1"),
                ("gtid_strict_mode", "1"),
                ("sync_binlog", "1"),
            ]
            : new[] { ("skip_log_bin", "1") },
    ];

    public override ProcessSpec Initialization(ServerLayout layout, string optionFile, string dataDirectory, string initFile) =>
        new(
            "mariadb-install-db",
            [
                $"--defaults-file={optionFile}", $"--datadir={dataDirectory}", "--skip-test-db", "--skip-name-resolve", "--skip-log-bin",
                $"--extra-file={initFile}",
                "--auth-root-authentication-method=socket", $"--auth-root-socket-user={ServerConnections.Administrator}",

                // Hundreds of syncs of a directory that nobody uses yet; it is synced as a whole when it is made.
                "--debug-no-sync", "--innodb-flush-method=nosync",

                // The least: nearly nothing is in it, and the server makes it as large as its options say when it starts.
                "--innodb-log-file-size=4M",
            ]);

    public override IDataTransfer CreateTransfer(
        DatastoreHost host,
        ServerLayout layout,
        ServerConnections connections,
        Certificates certificates,
        ReplicationUsers users,
        BackupTool tool) =>
        new BackupStreamTransfer(host, layout, tool);

    public override IBackups CreateBackups(BackupParts parts, Restoration restoration) => new MariaDbBackups(
        this,
        parts,
        restoration,
        parts.Restoration(new TroveRestore(this, parts.Host, parts.Layout, parts.Tool)),
        new TroveAdoption(this, parts));

    public override IRestoreSteps CreateRestoreSteps(BackupParts parts) =>
        new MariaDbRestore(this, parts.Host, parts.Layout, parts.Tool);

    public override LogForm LogForm { get; } = new MariaDbLogForm();

    public override string LogReaderProgram => "mariadb-binlog";

    public override string ClientProgram => "mariadb";

    /// <summary>With a log of its own: nothing else in it says which transactions it did.</summary>
    public override IReadOnlyList<string> ReplayOptions(string scratch) =>
    [
        $"--log-bin={Path.Combine(scratch, "replayed")}", "--binlog-format=ROW", "--gtid-strict-mode=1", "--sync-binlog=0",
        "--skip-slave-start",
    ];

    /// <summary>Its files, but for the last.</summary>
    public override async Task ForgetReplayedAsync(Session session, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("FLUSH BINARY LOGS", cancellationToken);
        var names = await LogKeeper.NamesAsync(session, cancellationToken);
        await session.ExecuteAsync($"PURGE BINARY LOGS TO {Sql.Literal(names[^1])}", cancellationToken);
    }

    public override async Task<string> LoggedBeforeAsync(Session session, string file, CancellationToken cancellationToken)
    {
        var first = await session.ShowAsync($"SHOW BINLOG EVENTS IN {Sql.Literal(file)} LIMIT 4", cancellationToken);
        return (first.Single(row => row["Event_type"] == "Gtid_list")["Info"] ?? "").Trim('[', ']');
    }

    /// <summary>It makes none itself; the tool that does ends with the agent.</summary>
    public override Task EndOwnCopiesAsync(Session session, CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task SetReadOnlyAsync(Session session, MemberState state, CancellationToken cancellationToken) =>
        session.ExecuteAsync($"SET GLOBAL read_only = {(state.ReadOnly ? 1 : 0)}", cancellationToken);

    /// <summary>The agent's login has READ_ONLY ADMIN.</summary>
    public override Task LiftReadOnlyAsync(Session session, CancellationToken cancellationToken) => Task.CompletedTask;

    public override async Task<LogPosition> ReadPositionAsync(Session session, CancellationToken cancellationToken)
    {
        var row = (await session.ShowAsync("SHOW MASTER STATUS", cancellationToken)).Single();
        return new LogPosition(
            row["File"]!,
            long.Parse(row["Position"]!, CultureInfo.InvariantCulture),
            await session.TextAsync("SELECT @@GLOBAL.gtid_binlog_pos", cancellationToken) ?? "",
            await session.TextAsync("SELECT @@GLOBAL.gtid_binlog_state", cancellationToken) ?? "");
    }

    public override async Task RaiseGtidAsync(Session session, string floor, CancellationToken cancellationToken)
    {
        var logged = await session.TextAsync("SELECT @@GLOBAL.gtid_binlog_state", cancellationToken) ?? "";
        var applied = await session.TextAsync("SELECT @@GLOBAL.gtid_slave_pos", cancellationToken) ?? "";
        var highest = MariaDbGtidState.Parse(floor)
            .Merge(MariaDbGtidState.Parse(logged))
            .Merge(MariaDbGtidState.Parse(applied))
            .Highest(domain: 0);
        if (highest > 0)
        {
            await session.ExecuteAsync($"SET SESSION gtid_domain_id = 0, gtid_seq_no = {highest + EpochMark.Jump}", cancellationToken);
        }
    }

    public override async Task SetLoadedPositionAsync(Session session, string gtid, CancellationToken cancellationToken)
    {
        // The log is a few seconds old, empty, and read by nobody.
        await SetHistoryAsync(session, gtid, cancellationToken);
        var position = string.Join(',', MariaDbGtidState.Parse(gtid).LastOfEachDomain());
        await session.ExecuteAsync($"SET GLOBAL gtid_slave_pos = {Sql.Literal(position)}", cancellationToken);
    }

    public override string ChangeSource(Source source, string certificate, bool wasMaster) =>
        $"""
        CHANGE MASTER TO MASTER_HOST = {Sql.Literal(source.Host)}, MASTER_PORT = {source.Port}, MASTER_USER = {Sql.Literal(source.User)},
        MASTER_PASSWORD = {Sql.Literal(source.Password)}, MASTER_SSL = 1, MASTER_SSL_CA = {Sql.Literal(certificate)},
        MASTER_SSL_VERIFY_SERVER_CERT = 1, MASTER_CONNECT_RETRY = 5, MASTER_HEARTBEAT_PERIOD = {Source.HeartbeatSeconds},
        MASTER_USE_GTID = slave_pos{(wasMaster ? ", MASTER_DEMOTE_TO_SLAVE = 1" : "")}
        """;

    public override async Task<ServerAnswer> LookAsync(Session session, CancellationToken cancellationToken)
    {
        var server = (await session.ShowAsync(
            "SELECT VERSION() AS version, @@GLOBAL.read_only AS read_only, @@GLOBAL.log_bin AS log_on, @@GLOBAL.gtid_slave_pos AS applied, "
            + "@@GLOBAL.gtid_binlog_pos AS logged, @@GLOBAL.server_id AS server, @@GLOBAL.report_user AS mark, "
            + "@@GLOBAL.general_log AS general_log, @@GLOBAL.slow_query_log AS slow_query_log",
            cancellationToken)).Single();
        var replicas = await session.ShowAsync("SHOW SLAVE STATUS", cancellationToken);
        return new ServerAnswer(
            server["version"]!,
            server["read_only"] != "0",
            server["log_on"] != "0",
            replicas is [var replica, ..]
                ? ReplicaStatus.Of(
                    replica, "Slave_", "Master_", replica.GetValueOrDefault("Gtid_IO_Pos") ?? "", server["applied"] ?? "") with
                {
                    Own = MariaDbGtidState.Parse(server["logged"] ?? "")
                        .OwnBeyond(server["server"]!, MariaDbGtidState.Parse(server["applied"] ?? "")),
                    LeftOver = replica["Using_Gtid"] == "No",
                    IsDamaged = replica["Using_Gtid"] == "No" && replica["Slave_SQL_Running"] == "No"
                        && replica["Last_SQL_Errno"] == RelayLogReadFailure,
                    LeftOverApplied = (replica["Slave_SQL_Running_State"] ?? "")
                        .StartsWith("Slave has read all relay log", StringComparison.Ordinal),
                }
                : null,
            server["mark"])
        {
            WrittenLogs = WrittenLogs(server),
        };
    }

    public override async Task<string> HistoryWithoutOwnAsync(Session session, string before, CancellationToken cancellationToken)
    {
        var own = await session.TextAsync("SELECT @@GLOBAL.server_id", cancellationToken);
        var now = MariaDbGtidState.Parse(await Gtids.ReadStateAsync(session, cancellationToken));
        return now.Without(own!).Merge(MariaDbGtidState.Parse(before)).ToString();
    }

    public override async Task SetHistoryAsync(Session session, string history, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("RESET MASTER", cancellationToken);
        await session.ExecuteAsync($"SET GLOBAL gtid_binlog_state = {Sql.Literal(history)}", cancellationToken);
    }

    /// <summary>The backup tool copies files, of whatever engine. (What is in memory is nobody's after a start.)</summary>
    public override Task<IReadOnlyList<string>> TablesNotCopiedAsync(Session session, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>
    /// Starting both threads by GTID throws away what was received. So that is applied first, by its place in the files, without GTIDs:
    /// the applier keeps its position in them all the same.
    /// </summary>
    public override async Task FollowAsync(Session session, ServerLayout layout, bool receive, CancellationToken cancellationToken)
    {
        var status = await ReadReplicaStatusAsync(session, cancellationToken);
        if (status is null or { LeftOver: true, Applying: true, LeftOverApplied: false }
            || (!receive && status is { LeftOver: false, Applying: true }))
        {
            return;
        }

        // What cannot be applied is received again from the master, if that is to be heard; what cannot be read is of no use to anybody.
        var isDone = status is { LeftOver: true, Applying: true } or { IsDamaged: true }
            || (receive && status is { LeftOver: true, ApplierErrorNumber: not 0, EndedForSpace: false });
        if (!isDone && status is { Receiver: "No", Applying: false }
            && await RelayLog.FirstUnappliedAsync(session, layout.RelayLog, status.Applied, cancellationToken) is { } place)
        {
            await session.ExecuteAsync(
                $"CHANGE MASTER TO MASTER_USE_GTID = no, RELAY_LOG_FILE = {Sql.Literal(place.File)}, RELAY_LOG_POS = {place.Position}",
                cancellationToken);
            await session.ExecuteAsync("START SLAVE SQL_THREAD", cancellationToken);
            return;
        }

        if (status.LeftOver)
        {
            await session.ExecuteAsync("STOP SLAVE", cancellationToken);
            await session.ExecuteAsync("CHANGE MASTER TO MASTER_USE_GTID = slave_pos", cancellationToken);
        }

        await session.ExecuteAsync(receive ? "START SLAVE" : "START SLAVE SQL_THREAD", cancellationToken);
    }
}
