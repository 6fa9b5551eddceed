using System.Globalization;
using System.Security.Authentication;
using System.Text;
using System.Text.Json.Nodes;
using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Encryption;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.GuestProtocol.Reports;
using Dbaas.Testing;
using MySqlConnector;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>What the tests of both engines share.</summary>
public abstract class MySqlFamilyFixture : DatastoreFixture
{
    private const int PageBytes = 16 * 1024;

    protected abstract Task<long> ReadLastTransactionAsync(IReadOnlyList<string> gtids);

    protected abstract string GtidQuery { get; }

    internal abstract Flavor Flavor { get; }

    /// <summary>The server's program.</summary>
    protected abstract string ServerProgram { get; }

    /// <summary>The option with which a server knows no TLS.</summary>
    protected abstract string NoKeys { get; }

    /// <summary>With {agent}, {service} and {user} in the place of accounts.</summary>
    protected abstract RootStatements RootStatements { get; }

    public override (string Name, string Value, string Word) CannotStartWith => ("innodb_page_size", "8192", "page");

    public override (string Name, string Value, string Word) CannotBeginWith => ("character_set_server", "nosuch", "'nosuch'");

    public override ParameterWords Parameters { get; } = new(
        Live: new("max_connect_errors", "77", "SELECT @@GLOBAL.max_connect_errors", 77),
        AtStart: new("innodb_sort_buffer_size", "2097152", "SELECT @@GLOBAL.innodb_sort_buffer_size", 2097152),
        Refused: new("wait_timeout", "nonsense"),
        Fatal: new("innodb_flush_method", "bogus"),
        Word: "'bogus'");

    public override IReadOnlyDictionary<string, string> FewConnections { get; } =
        new Dictionary<string, string> { ["max_connections"] = "20", ["max_user_connections"] = "0" };

    public override async Task<ITestClient> ConnectAsync(TestInstance instance, string user, string password, string database)
    {
        var text = new MySqlConnectionStringBuilder
        {
            Server = instance.Host.Address,
            Port = (uint)instance.Host.Port,
            UserID = user,
            Password = password,
            Database = database,
            Pooling = false,
            AllowUserVariables = true,
            ConnectionTimeout = 30,
        };
        var connection = new MySqlConnection(text.ConnectionString);
        try
        {
            await connection.OpenAsync();
            return new Client(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override async Task<ServerFacts> LookAsync(TestInstance instance)
    {
        var layout = new ServerLayout(instance.Host);
        await using var session = await new ServerConnections(layout.Socket).OpenAsync(CancellationToken.None);
        var processes = await session.ShowAsync("SHOW FULL PROCESSLIST", CancellationToken.None);
        var gtids = (await session.ShowAsync(GtidQuery, CancellationToken.None))
            .SelectMany(row => row.Values)
            .Select(value => value ?? "")
            .ToList();
        return new ServerFacts(
            await session.NumberAsync("SELECT @@GLOBAL.log_bin", CancellationToken.None) == 1,
            Directory.Exists(layout.BinaryLog) ? Directory.GetFiles(layout.BinaryLog) : [],
            await ReplicationUsers.ListAsync(session, CancellationToken.None),
            processes.Count(row => row["Command"]!.StartsWith("Binlog Dump", StringComparison.Ordinal)),
            await session.NumberAsync("SELECT @@GLOBAL.read_only", CancellationToken.None) == 1,
            await ReadLastTransactionAsync(gtids),
            (await session.ShowAsync("SHOW REPLICA STATUS", CancellationToken.None)).Count > 0);
    }

    public override (string User, string Password) LoginOf(SnapshotOffer offer)
    {
        var user = JsonNode.Parse(offer.Snapshot.Payload.Span)!["replication_user"]!;
        return (user["name"]!.GetValue<string>(), user["password"]!.GetValue<string>());
    }

    public override SnapshotOffer WithCertificateOf(TestInstance other, SnapshotOffer offer) => Change(
        offer, document => document["master"]!["certificate"] = new Certificates(other.Host, new ServerLayout(other.Host)).Own);

    public override async Task<bool> CanLogInAsync(TestInstance instance, string user, string password, bool encrypted)
    {
        var text = new MySqlConnectionStringBuilder
        {
            Server = instance.Host.Address,
            Port = (uint)instance.Host.Port,
            UserID = user,
            Password = password,
            Pooling = false,
            SslMode = encrypted ? MySqlSslMode.Required : MySqlSslMode.None,
            AllowPublicKeyRetrieval = true,
        };
        await using var connection = new MySqlConnection(text.ConnectionString);
        try
        {
            await connection.OpenAsync();
            return true;
        }
        catch (Exception e) when (e is MySqlException or AuthenticationException)
        {
            return false;
        }
    }

    public override async Task<bool> FollowsVerifiedAsync(TestInstance slave)
    {
        await using var session = await new ServerConnections(new ServerLayout(slave.Host).Socket).OpenAsync(CancellationToken.None);
        var row = (await session.ShowAsync("SHOW REPLICA STATUS", CancellationToken.None)).Single();
        bool Is(string name, string value) => row.Any(pair => pair.Key.EndsWith(name, StringComparison.Ordinal) && pair.Value == value);
        return Is("SSL_Allowed", "Yes") && Is("SSL_Verify_Server_Cert", "Yes") && Is("IO_Running", "Yes");
    }

    public override async Task RunWithoutKeysAsync(TestInstance instance)
    {
        var file = new ServerLayout(instance.Host).OptionFile;
        await instance.Server.StopAsync(CancellationToken.None);
        var lines = (await File.ReadAllLinesAsync(file)).Select(
            line =>
                line.StartsWith(
                    "ssl_cert", StringComparison.Ordinal) ? NoKeys : line.StartsWith("ssl_key", StringComparison.Ordinal) ? "" : line);
        await File.WriteAllLinesAsync(file, lines);
        await instance.Supervisor.EnsureStartedAsync(
            new ProcessSpec(ServerProgram, [$"--defaults-file={file}"]) { UserId = instance.Host.UserId }, CancellationToken.None);
        await Eventually.HoldsAsync("the server answers", TimeSpan.FromSeconds(60), () => AnswersAsync(instance));
    }

    public override async Task CopyDataAsync(TestInstance from, TestInstance to)
    {
        foreach (var folder in new[] { "data", "binlog", "relaylog" })
        {
            var target = Path.Combine(to.Host.VolumePath, folder);
            if (Directory.Exists(target))
            {
                Directory.Delete(target, recursive: true);
            }

            await CopyAsync(Path.Combine(from.Host.VolumePath, folder), target);
        }
    }

    public override async Task<RootStatements> RootStatementsAsync(TestInstance instance)
    {
        var service = (await LookAsync(instance)).ReplicationUsers is [var first, ..] ? first : "repl_" + new string('0', 26);
        var accounts = new Dictionary<string, string>
        {
            ["{agent}"] = Sql.Account(ServerConnections.Administrator, "localhost"),
            ["{service}"] = Sql.Account(service, ReplicationUsers.HostPatternFor(instance.Host.Address)),
            ["{user}"] = Sql.Account(App.Name, "%"),
        };
        IReadOnlyList<string> Named(IReadOnlyList<string> statements) =>
            [
                .. statements.Select(
                    statement =>
                        accounts.Aggregate(statement, (text, pair) => text.Replace(pair.Key, pair.Value, StringComparison.Ordinal))),
            ];
        var all = RootStatements;
        return new RootStatements(Named(all.Escapes), Named(all.Everyday), all.WidenAccess, Named(all.TouchTheEngine));
    }

    public override EngineWords Words => FamilyWords.Of(OwnKinds);

    public override IReadOnlyDictionary<string, string> ShortLivedLog { get; } =
        new Dictionary<string, string> { ["binlog_expire_logs_seconds"] = "1" };

    public override Task BeginLogAnewAsync(TestInstance instance) => ForgetLogAsync(instance, ForgetLog);

    public override Task BeginLogAnewAsync(TestInstance instance, int number) =>
        ForgetLogAsync(instance, string.Create(CultureInfo.InvariantCulture, $"{ForgetLog} TO {number}"));

    public override async Task<string> LastTransactionAsync(TestInstance instance)
    {
        await using var session = await OpenAsync(instance);
        return await LastTransactionAsync(session);
    }

    public override string ServerName => ServerProgram;

    public override async Task<IReadOnlyList<TableFinding>> FindingsOfAsync(TestInstance serving)
    {
        await using var session = await OpenAsync(serving);
        var findings = new List<TableFinding>();
        foreach (var table in await session.TextsAsync(
            "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = @schema AND TABLE_TYPE <> 'VIEW'",
            CancellationToken.None,
            ("schema", Database)))
        {
            var name = $"{Sql.Identifier(Database)}.{Sql.Identifier(table)}";
            findings.Add(new TableFinding(
                name,
                (await session.NumberAsync($"SELECT COUNT(*) FROM {name}", CancellationToken.None))!.Value,
                (await session.ShowAsync($"CHECKSUM TABLE {name}", CancellationToken.None)).Single()["Checksum"] ?? ""));
        }

        return [.. findings.OrderBy(finding => finding.Name, StringComparer.Ordinal)];
    }

    public override string DamageRows(TestInstance stopped)
    {
        Scratch(Path.Combine(new ServerLayout(stopped.Host).Data, Database, "rows_of_test.ibd"), from: 3 * PageBytes);
        return $"{Sql.Identifier(Database)}.{Sql.Identifier("rows_of_test")}";
    }

    public override string TableBehindRows => "zebra";

    public override string CreateBehindRows => "CREATE TABLE IF NOT EXISTS zebra (n INT PRIMARY KEY)";

    public override void DamageEngine(TestInstance stopped) =>
        Scratch(Path.Combine(new ServerLayout(stopped.Host).Data, "ibdata1"), from: 0);

    /// <summary>Something else in the middle of each page.</summary>
    private static void Scratch(string path, int from)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        for (var page = from; page < file.Length; page += PageBytes)
        {
            file.Position = page + (PageBytes / 8);
            file.Write(Encoding.ASCII.GetBytes(new string('#', PageBytes / 2)));
        }
    }

    private static async Task ForgetLogAsync(TestInstance instance, string statement)
    {
        await using var session = await OpenAsync(instance);
        await session.ExecuteAsync(statement, CancellationToken.None);
    }

    /// <summary>In the engine's words: the log is begun anew.</summary>
    protected abstract string ForgetLog { get; }

    /// <summary>The last transaction that was logged.</summary>
    private protected abstract Task<string> LastTransactionAsync(Session session);

    /// <summary>Of its tables that the other engine has not.</summary>
    protected abstract IReadOnlyList<(IReadOnlyList<string> Statements, string Query)> OwnKinds { get; }

    public override EngineOwn Own => FamilyWords.Own;

    public override string CreateRows => "CREATE TABLE rows_of_test (n INT PRIMARY KEY)";

    public override string ReadRows => "SELECT n FROM rows_of_test ORDER BY n";

    public override IReadOnlyList<string> Refusals { get; } =
        ["denied", "not allowed", "read-only", "is not granted", "on system tables", "any matching row"];

    public override string InsertRow(int number) => $"INSERT INTO rows_of_test VALUES ({number})";

    public override string DeleteRow(int number) => $"DELETE FROM rows_of_test WHERE n = {number}";

    public override string CreateFiller => "CREATE TABLE IF NOT EXISTS filler (n INT AUTO_INCREMENT PRIMARY KEY, b LONGBLOB)";

    public override string CountFiller => "SELECT COUNT(*) FROM filler";

    public override string InsertFiller(int kilobytes) => $"INSERT INTO filler (b) VALUES (REPEAT('x', {kilobytes * 1024 - 100}))";

    public override string ServerLogOf(TestInstance instance) => new ServerLayout(instance.Host).ErrorLog;

    public override IReadOnlyList<string> LogFolders { get; } = ["binlog", "relaylog"];

    public override async Task<IAsyncDisposable> HoldRowAsync(TestInstance instance, int number)
    {
        await using var other = await OpenAsync(instance);
        var session = await OpenAsync(instance);
        await Flavor.LiftReadOnlyAsync(other, CancellationToken.None);
        await session.ExecuteAsync("SET autocommit = 0", CancellationToken.None);
        await session.ExecuteAsync($"SELECT n FROM {Database}.rows_of_test WHERE n = {number} FOR UPDATE", CancellationToken.None);
        await Flavor.SetReadOnlyAsync(other, new MemberStore(new ServerLayout(instance.Host)).State, CancellationToken.None);
        return session;
    }

    public override async Task<IAsyncDisposable> HoldServerAsync(TestInstance instance)
    {
        var session = await OpenAsync(instance);
        await session.ExecuteAsync("FLUSH TABLES WITH READ LOCK", CancellationToken.None);
        return session;
    }

    public override async Task<IReadOnlyList<string>> ConnectionsOfSlavesAsync(TestInstance instance)
    {
        await using var session = await OpenAsync(instance);
        return await session.TextsAsync(
            "SELECT ID FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%'", CancellationToken.None);
    }

    public override async Task<bool> IsChangingAsync(TestInstance instance)
    {
        await using var session = await OpenAsync(instance);
        return await session.NumberAsync(
            "SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_rows_locked > 0", CancellationToken.None) > 0;
    }

    public override async Task<bool> HasReceivedAllAsync(TestPair pair)
    {
        await using var master = await OpenAsync(pair.Master);
        await using var slave = await OpenAsync(pair.Slave);
        var all = await Flavor.Gtids.ReadStateAsync(master, CancellationToken.None);
        var status = await Flavor.ReadReplicaStatusAsync(slave, CancellationToken.None);
        return status is not null && Flavor.Gtids.Covers(Flavor.Gtids.Merge(status.Applied, status.Received), all);
    }

    public override IDisposable CutAt(TestInstance instance, int point, bool atChanges, Action happened)
    {
        var (left, dead) = (point, false);
        CutPoint.Watch = passed =>
        {
            var isPoint = passed.Contains(instance.Host.StatePath, StringComparison.Ordinal) || (atChanges && Changes(passed));
            dead |= isPoint && left-- == 0;
            if (dead)
            {
                happened();
                throw new InvalidOperationException($"The agent was killed: {passed[..Math.Min(passed.Length, 80)]}");
            }
        };
        return new Uncut();
    }

    private static bool Changes(string passed) =>
        !new[] { "SELECT", "SHOW", "SET SESSION", "before ", "after " }.Any(word => passed.StartsWith(word, StringComparison.Ordinal));

    public override async Task ForgetSourceAsync(TestInstance slave)
    {
        await using var session = await OpenAsync(slave);
        await session.ExecuteAsync("STOP REPLICA", CancellationToken.None);
        await session.ExecuteAsync("RESET REPLICA ALL", CancellationToken.None);
    }

    public override IAsyncDisposable DisturbCopies(TestInstance master) => new Disturbance(
        () => OpenAsync(master), Database, "SELECT ID FROM information_schema.PROCESSLIST WHERE USER REGEXP '^repl_[ct]'");

    public override IReadOnlyList<string> WordsOfDisturbedCopies { get; } =
        ["gone away", "lost connection", "killed", "interrupted", "communication packets", "find existing clone"];

    public override async Task LoseReceivedAsync(TestInstance slave)
    {
        slave.Supervisor.Kill();
        await Eventually.HoldsAsync("what was received is thrown away", TimeSpan.FromSeconds(60), async () =>
        {
            try
            {
                await using var session = await OpenAsync(slave);
                await session.ExecuteAsync("RESET REPLICA", CancellationToken.None);
                return true;
            }
            catch (DatastoreException)
            {
                // It is not up again.
                return false;
            }
        });
    }

    public override SnapshotOffer Elsewhere(SnapshotOffer offer) => Change(offer, document => document["master"]!["port"] = 1);

    public override IReadOnlyList<string> RecordsOf(TestInstance instance)
    {
        var layout = new ServerLayout(instance.Host);
        return [layout.SettingsFile, layout.MemberFile];
    }

    public override SnapshotOffer Inflate(SnapshotOffer offer) =>
        Change(offer, document => document["dataset"]!["dataset_bytes"] = 1L << 60);

    public override OpaqueDocument Resized(OpaqueDocument backup, long bytes)
    {
        var document = JsonNode.Parse(backup.Payload.Span)!;
        document["dataset_bytes"] = bytes;
        document["stream_bytes"] = 0;
        return backup with { Payload = Encoding.UTF8.GetBytes(document.ToJsonString()) };
    }

    public override IEnumerable<string> SecretsOf(SnapshotOffer offer)
    {
        var document = JsonNode.Parse(offer.Snapshot.Payload.Span)!;
        var dataset = document["dataset"]!;
        foreach (var secret in new[] { document["replication_user"]!["password"], dataset["token"], dataset["reader"]?["password"] })
        {
            if (secret is not null)
            {
                yield return secret.GetValue<string>();
            }
        }
    }

    protected override async Task SeedAsync(TestInstance instance)
    {
        var template = await Template.GetAsync(this);
        var records = Directory.EnumerateFiles(template.Host.StatePath);
        foreach (var record in records.Where(file => !file.EndsWith("identity.json", StringComparison.Ordinal)))
        {
            File.Copy(record, Path.Combine(instance.Host.StatePath, Path.GetFileName(record)));
        }

        await CopyAsync(Path.Combine(template.Host.VolumePath, "data"), Path.Combine(instance.Host.VolumePath, "data"));
        File.Delete(Path.Combine(instance.Host.VolumePath, "data", "auto.cnf"));
    }

    /// <summary>Makes the class's template: an empty data directory.</summary>
    internal async Task<TestInstance> MakeTemplateAsync()
    {
        var instance = NewInstance();
        await instance.Server.InitializeAsync(Settings(), CancellationToken.None);
        return instance;
    }

    private static SnapshotOffer Change(SnapshotOffer offer, Action<JsonNode> change)
    {
        var document = JsonNode.Parse(offer.Snapshot.Payload.Span)!;
        change(document);
        return offer with { Snapshot = offer.Snapshot with { Payload = Encoding.UTF8.GetBytes(document.ToJsonString()) } };
    }

    /// <summary>An administrator of this server.</summary>
    internal static Task<Session> OpenAsync(TestInstance instance) =>
        new ServerConnections(new ServerLayout(instance.Host).Socket).OpenImpatientAsync(TimeSpan.FromSeconds(30), CancellationToken.None);

    private static async Task<bool> AnswersAsync(TestInstance instance) =>
        (await instance.Server.GetStatusAsync(CancellationToken.None)).State == ServerState.Healthy;

    private static async Task CopyAsync(string from, string to)
    {
        using var copy = System.Diagnostics.Process.Start("cp", ["-a", "--sparse=always", from, to]);
        await copy.WaitForExitAsync();
        Assert.Equal(0, copy.ExitCode);
    }

    private sealed class Uncut : IDisposable
    {
        public void Dispose() => CutPoint.Watch = null;
    }

    private sealed class Client(MySqlConnection connection) : ITestClient
    {
        public async Task ExecuteAsync(string statement)
        {
            await using var command = new MySqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }

        public async Task<IReadOnlyList<int>> ReadAsync(string query)
        {
            await using var command = new MySqlCommand(query, connection);
            await using var reader = await command.ExecuteReaderAsync();
            var numbers = new List<int>();
            while (await reader.ReadAsync())
            {
                numbers.Add(Convert.ToInt32(reader.GetValue(0), CultureInfo.InvariantCulture));
            }

            return numbers;
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
