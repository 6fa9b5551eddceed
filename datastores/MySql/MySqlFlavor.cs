using System.Globalization;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Archiving;
using Dbaas.Datastores.MySql.Backups;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Encryption;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql;

/// <summary>MySQL.</summary>
internal sealed class MySqlFlavor : Flavor
{
    /// <summary>Its instruments take more memory than all else together on small instances.</summary>
    private const int PerformanceSchemaFromMb = 2048;

    /// <summary>
    /// Each reserves 256 of the kernel's requests in flight (<c>fs.aio-max-nr</c>), of which all servers on a host share one number.
    /// </summary>
    private const int MostIoThreads = 4;

    private const int RelayLogReadFailure = 1594;
    private const int RelayLogEventReadFailure = 13121;

    private const string Changes =
        "INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE TEMPORARY TABLES, LOCK TABLES, CREATE VIEW, "
            + "CREATE ROUTINE, "
        + "ALTER ROUTINE, EVENT, TRIGGER";

    public override string Name => "mysql";

    public override string ServerProgram => "mysqld";

    public override int EngineMb => 260;

    public override int UserNameLimit => 32;

    public override IGtids Gtids { get; } = new MySqlGtids();

    /// <summary>
    /// The kernel tells the server who is on the socket. Plug-ins are not loaded yet, so it is written where ALTER USER would write it.
    /// </summary>
    public override string InitializationSql =>
        $"UPDATE mysql.user SET User = {Sql.Literal(ServerConnections.Administrator)}, plugin = 'auth_socket', authentication_string = '' "
        + "WHERE User = 'root' AND Host = 'localhost';\n"
        + $"UPDATE mysql.global_grants SET USER = {Sql.Literal(ServerConnections.Administrator)} WHERE USER = 'root' AND HOST = "
        + "'localhost';\n"
        + $"UPDATE mysql.proxies_priv SET User = {Sql.Literal(ServerConnections.Administrator)} WHERE User = 'root' AND Host = "
        + "'localhost';\n";

    public override string TimeZoneProgram => "mysql_tzinfo_to_sql";

    /// <summary>Its server_uuid, and the keys of its certificates.</summary>
    public override bool DataHoldsIdentity => true;

    /// <summary>
    /// Everything, except in the engine's own databases, and except: SUPER, CONNECTION_ADMIN, SYSTEM_VARIABLES_ADMIN, BINLOG_ADMIN,
    /// REPLICATION_SLAVE_ADMIN, GROUP_REPLICATION_ADMIN, REPLICATION_APPLIER, SET_ANY_DEFINER and SYSTEM_USER (the agent's login),
    /// CLONE_ADMIN, BACKUP_ADMIN, FILE, SHUTDOWN, RELOAD (RESET BINARY LOGS; and each FLUSH goes into a slave's own log). The restrictions
    /// go with the privileges to everybody whom root gives them to.
    /// </summary>
    public override IReadOnlyList<string> RootGrants(string account) =>
    [
        "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES, CREATE TEMPORARY TABLES, "
            + "LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER "
            + "ROUTINE, CREATE USER, "
            + "EVENT, TRIGGER, CREATE TABLESPACE, CREATE ROLE, DROP ROLE, APPLICATION_PASSWORD_ADMIN, ROLE_ADMIN, "
            + $"SHOW_ROUTINE, XA_RECOVER_ADMIN ON *.* TO {account} WITH GRANT OPTION",
        $"REVOKE {Changes}, EXECUTE ON mysql.* FROM {account}",
        $"REVOKE {Changes} ON sys.* FROM {account}",
    ];

    public override IReadOnlyList<string> Guards(string accounts) => [];

    /// <summary>While <c>partial_revokes</c> is on there are no patterns in grants, and so nothing to escape.</summary>
    public override string GrantName(string database) => database;

    public override string DatabaseOfGrant(string name) => name;

    /// <summary>Its log holds the hash.</summary>
    public override string IdentifiedBy(string password) => $"IDENTIFIED BY {Sql.Literal(password)}";

    public override async Task<bool> IsRoleOfOthersAsync(Session session, string user, CancellationToken cancellationToken) =>
        await session.NumberAsync("SELECT COUNT(*) FROM mysql.role_edges WHERE FROM_USER = @user", cancellationToken, ("user", user)) > 0;

    /// <summary>Only who has SYSTEM_USER may touch an account that has it.</summary>
    public override string ServicePrivileges(string privilege) => privilege + ", SYSTEM_USER";

    public override bool IsSystemUser(string user) => user is "mysql.sys" or "mysql.session" or "mysql.infoschema";

    public override IEnumerable<(string Name, string Value)> Defaults(OptionFile.Input input) =>
    [
        ("innodb_redo_log_capacity", "100M"),
        ("performance_schema", input.MemoryMb >= PerformanceSchemaFromMb ? "ON" : "OFF"),
        (ScheduledEvents.Scheduler, "ON"),
        (LogExpiry.Name, $"{LogExpiry.DefaultSeconds}"),
        ("innodb_read_io_threads", $"{Math.Clamp(input.Cpus, 1, MostIoThreads)}"),
        ("innodb_write_io_threads", $"{Math.Clamp(input.Cpus, 1, MostIoThreads)}"),
    ];

    public override IEnumerable<(string Name, string Value)> Fixed(ServerLayout layout, OptionFile.Input input) =>
    [
        ("mysqlx", "OFF"),

        // Of these a new slave would get no rows, and one that starts would lose them.
        ("disabled_storage_engines", "MyISAM,MEMORY,CSV,ARCHIVE,BLACKHOLE,FEDERATED,MRG_MYISAM"),

        // What is left to be done comes before following.
        ("skip_replica_start", "1"),
        ("replica_net_timeout", $"{Source.SilentForSeconds}"),
        ("secure_file_priv", "NULL"),
        ("partial_revokes", "ON"),
        ("plugin_load_add", "auth_socket.so"),
        ("plugin_load_add", "mysql_clone.so"),
        ("gtid_mode", "ON"),
        ("enforce_gtid_consistency", "ON"),
        ("super_read_only", input.Member.Following is null ? "0" : "1"),
        .. input.Member.LogOn
            ?
            [
                ("log_bin", Path.Combine(layout.BinaryLog, "binlog")),
                ("log_bin_trust_function_creators", "1"),
                ("log_replica_updates", "1"),
                ("sync_binlog", "1"),
            ]
            : new[] { ("skip_log_bin", "1") },
    ];

    public override ProcessSpec Initialization(ServerLayout layout, string optionFile, string dataDirectory, string initFile) =>
        new(
            ServerProgram,
            [
                $"--defaults-file={optionFile}", "--initialize-insecure", $"--datadir={dataDirectory}", $"--init-file={initFile}",
                "--skip-log-bin", "--skip-log-error", "--super-read-only=0", "--read-only=0",
            ]);

    public override IDataTransfer CreateTransfer(
        DatastoreHost host,
        ServerLayout layout,
        ServerConnections connections,
        Certificates certificates,
        ReplicationUsers users,
        BackupTool tool) =>
        new CloneTransfer(this, host, layout, connections, certificates, users);

    public override IBackups CreateBackups(BackupParts parts, Restoration restoration) => new MySqlBackups(
        this,
        parts,
        new LocalClone(this, parts),
        new BinaryLogs(parts.Host, parts.Layout),
        new Archive(parts.Host),
        restoration);

    public override IRestoreSteps CreateRestoreSteps(BackupParts parts) => new MySqlRestore(
        this, parts.Host, parts.Layout, new Archive(parts.Host), new LogReplay(this, parts.Host, parts.Layout));

    public override LogForm LogForm { get; } = new MySqlLogForm();

    public override string LogReaderProgram => "mysqlbinlog";

    public override string ClientProgram => "mysql";

    /// <summary>It keeps its GTIDs in a table when it has no log.</summary>
    public override IReadOnlyList<string> ReplayOptions(string scratch) => [];

    public override Task ForgetReplayedAsync(Session session, CancellationToken cancellationToken) => Task.CompletedTask;

    public override async Task<string> LoggedBeforeAsync(Session session, string file, CancellationToken cancellationToken) =>
        (await BinaryLogs.LoggedBeforeAsync(session, file, cancellationToken)).ToString();

    public override Task EndOwnCopiesAsync(Session session, CancellationToken cancellationToken) =>
        LocalClone.EndAllAsync(session, cancellationToken);

    public override Task SetReadOnlyAsync(Session session, MemberState state, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            $"SET GLOBAL read_only = {(state.ReadOnly ? 1 : 0)}, GLOBAL super_read_only = {(state.Following is null ? 0 : 1)}",
            cancellationToken);

    public override Task LiftReadOnlyAsync(Session session, CancellationToken cancellationToken) =>
        session.ExecuteAsync("SET GLOBAL super_read_only = 0", cancellationToken);

    public override async Task<LogPosition> ReadPositionAsync(Session session, CancellationToken cancellationToken)
    {
        var row = (await session.ShowAsync("SHOW BINARY LOG STATUS", cancellationToken)).Single();
        var gtids = GtidSet.Parse(row["Executed_Gtid_Set"] ?? "").ToString();
        return new LogPosition(row["File"]!, long.Parse(row["Position"]!, CultureInfo.InvariantCulture), gtids, gtids);
    }

    public override async Task RaiseGtidAsync(Session session, string floor, CancellationToken cancellationToken)
    {
        var server = await session.TextAsync("SELECT @@GLOBAL.server_uuid", cancellationToken) ?? "";
        var executed = await Gtids.ReadStateAsync(session, cancellationToken);
        var highest = GtidSet.Parse(executed).Union(GtidSet.Parse(floor)).Highest(server);
        if (highest > 0)
        {
            // A gap would be filled again, so everything below the jump counts as done. A slave that lacks it is refused by the engine too.
            await session.ExecuteAsync(
                "SET GLOBAL gtid_purged = CONCAT('+', GTID_SUBTRACT(@below, @@GLOBAL.gtid_executed))",
                cancellationToken,
                ("below", $"{server}:1-{highest + EpochMark.Jump}"));
        }
    }

    /// <summary>A clone brings its position with it.</summary>
    public override Task SetLoadedPositionAsync(Session session, string gtid, CancellationToken cancellationToken) => Task.CompletedTask;

    public override string ChangeSource(Source source, string certificate, bool wasMaster) =>
        $"""
        CHANGE REPLICATION SOURCE TO SOURCE_HOST = {Sql.Literal(source.Host)}, SOURCE_PORT = {source.Port},
        SOURCE_USER = {Sql.Literal(source.User)}, SOURCE_PASSWORD = {Sql.Literal(source.Password)}, SOURCE_SSL = 1,
        SOURCE_SSL_CA = {Sql.Literal(certificate)}, SOURCE_SSL_VERIFY_SERVER_CERT = 1, SOURCE_CONNECT_RETRY = 5, SOURCE_RETRY_COUNT = 0,
        SOURCE_HEARTBEAT_PERIOD = {Source.HeartbeatSeconds}, SOURCE_AUTO_POSITION = 1
        """;

    public override async Task<ServerAnswer> LookAsync(Session session, CancellationToken cancellationToken)
    {
        var server = (await session.ShowAsync(
            "SELECT VERSION() AS version, @@GLOBAL.read_only AS read_only, @@GLOBAL.log_bin AS log_on, @@GLOBAL.server_uuid AS uuid, "
            + "@@GLOBAL.report_user AS mark, @@GLOBAL.general_log AS general_log, @@GLOBAL.slow_query_log AS slow_query_log",
            cancellationToken)).Single();
        var replicas = await session.ShowAsync("SHOW REPLICA STATUS", cancellationToken);
        return new ServerAnswer(
            server["version"]!,
            server["read_only"] != "0",
            server["log_on"] != "0",
            replicas is [var replica, ..]
                ? Damaged(ReplicaStatus.Of(
                    replica, "Replica_", "Source_", replica["Retrieved_Gtid_Set"] ?? "", replica["Executed_Gtid_Set"] ?? "") with
                {
                    Own = GtidSet.Parse(replica["Executed_Gtid_Set"] ?? "").Of(server["uuid"]!).ToString(),
                })
                : null,
            server["mark"])
        {
            WrittenLogs = WrittenLogs(server),
        };
    }

    public override async Task<string> HistoryWithoutOwnAsync(Session session, string before, CancellationToken cancellationToken)
    {
        var own = await session.TextAsync("SELECT @@GLOBAL.server_uuid", cancellationToken);
        var now = GtidSet.Parse(await Gtids.ReadStateAsync(session, cancellationToken));
        return now.Without(own!).Union(GtidSet.Parse(before)).ToString();
    }

    public override async Task SetHistoryAsync(Session session, string history, CancellationToken cancellationToken)
    {
        await LiftReadOnlyAsync(session, cancellationToken);
        await session.ExecuteAsync("RESET BINARY LOGS AND GTIDS", cancellationToken);
        await session.ExecuteAsync($"SET GLOBAL gtid_purged = {Sql.Literal(history)}", cancellationToken);
    }

    /// <summary>CLONE copies InnoDB, and makes the other tables empty.</summary>
    public override Task<IReadOnlyList<string>> TablesNotCopiedAsync(
        Session session, CancellationToken cancellationToken) => session.TextsAsync(
        "SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME, ' (', ENGINE, ')') FROM information_schema.TABLES "
        + "WHERE TABLE_TYPE = 'BASE TABLE' AND ENGINE <> 'InnoDB' "
        + "AND TABLE_SCHEMA NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema') ORDER BY 1",
        cancellationToken);

    /// <summary>It goes on with what it received. Only what cannot be read is thrown away, and received again.</summary>
    public override async Task FollowAsync(Session session, ServerLayout layout, bool receive, CancellationToken cancellationToken)
    {
        var status = await ReadReplicaStatusAsync(session, cancellationToken);
        if (status is { IsDamaged: true })
        {
            await session.ExecuteAsync("STOP REPLICA", cancellationToken);
            await session.ExecuteAsync("RESET REPLICA", cancellationToken);
        }

        if (!receive && status is { Applying: false } and ({ IsDamaged: true } or { Received: "" }))
        {
            // Without a relay log this thread does not start alone [tested], until the engine was told something that makes an empty one.
            await session.ExecuteAsync(
                $"CHANGE REPLICATION SOURCE TO SOURCE_HEARTBEAT_PERIOD = {Source.HeartbeatSeconds}", cancellationToken);
        }

        await session.ExecuteAsync(receive ? "START REPLICA" : "START REPLICA SQL_THREAD", cancellationToken);
    }

    private static ReplicaStatus Damaged(ReplicaStatus status) =>
        status with { IsDamaged = status is { Applying: false, ApplierErrorNumber: RelayLogReadFailure or RelayLogEventReadFailure } };
}
