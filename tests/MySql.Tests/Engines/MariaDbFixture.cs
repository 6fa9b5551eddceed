using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Replication;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>MariaDB as this machine has it.</summary>
public sealed class MariaDbFixture : MySqlFamilyFixture
{
    public override string ForeignSnapshotKind => "mysql.replication-snapshot";

    public override int UserNameLimit => 80;

    protected override IProgramLauncher Launcher { get; } = new HostLauncher();

    protected override int MemoryMb => 256;

    protected override string Version => "10.11";

    public override bool StreamsData => true;

    public override bool FollowByLog => false;

    internal override Flavor Flavor { get; } = new MariaDbFlavor();

    protected override string GtidQuery => "SELECT @@GLOBAL.gtid_binlog_state";

    protected override string ServerProgram => "mariadbd";

    protected override string NoKeys => "skip_ssl";

    protected override RootStatements RootStatements => MariaDbRootStatements.All;

    public override SlaveStatements SlaveStatements { get; } = FamilySlaveStatements.Of(
        [
            .. FamilySlaveStatements.OnTheMaster,
            "CREATE TABLE my (id INT PRIMARY KEY, b INT) ENGINE = MyISAM",
            "INSERT INTO my VALUES (1, 1)",
            "CREATE TABLE ar (id INT PRIMARY KEY, b INT) ENGINE = Aria",
            "CREATE TABLE mem (id INT PRIMARY KEY, b INT) ENGINE = MEMORY",
            "INSERT INTO mem VALUES (1, 1), (2, 2)",
            "CREATE TABLE `me``m` (id INT) ENGINE = MEMORY",
        ],
        [
            "SELECT COUNT(*) FROM mem",
            "HANDLER `me``m` OPEN",
            .. FamilySlaveStatements.OnTheSlave,
            "ANALYZE TABLE plain PERSISTENT FOR ALL",
            "ANALYZE TABLE plain PERSISTENT FOR COLUMNS (id) INDEXES ()",
            "SET use_stat_tables = PREFERABLY; ANALYZE TABLE plain",
            "EXECUTE IMMEDIATE 'ANALYZE TABLE plain PERSISTENT FOR ALL'",
            "PREPARE p FROM 'ANALYZE TABLE plain PERSISTENT FOR ALL'; EXECUTE p; EXECUTE p",
            "ANALYZE TABLE my; ANALYZE TABLE my; REPAIR TABLE my; REPAIR TABLE my USE_FRM; OPTIMIZE TABLE my",
            "ANALYZE TABLE ar; REPAIR TABLE ar; OPTIMIZE TABLE ar; CHECK TABLE my, ar, mem; OPTIMIZE TABLE mem; ANALYZE TABLE mem",
            "ANALYZE FORMAT = JSON SELECT * FROM plain; BEGIN NOT ATOMIC ANALYZE TABLE plain PERSISTENT FOR ALL",
        ]);

    public override (string Write, string Unpack) BackupPrograms => ("mariadb-backup", "mbstream");

    /// <summary>(Encrypted ones need a plug-in with a key, which no server here has.)</summary>
    protected override IReadOnlyList<(IReadOnlyList<string> Statements, string Query)> OwnKinds { get; } =
    [
        (["CREATE TABLE my (n INT PRIMARY KEY) ENGINE = MyISAM", "INSERT INTO my VALUES (1), (2)"], "SELECT n FROM my ORDER BY n"),
        (
            ["CREATE TABLE ar (n INT PRIMARY KEY) ENGINE = Aria TRANSACTIONAL = 1", "INSERT INTO ar VALUES (1), (2)"],
            "SELECT n FROM ar ORDER BY n"),
        (
            [
                "CREATE TABLE holes (n INT PRIMARY KEY, b LONGBLOB) PAGE_COMPRESSED = 1",
                "INSERT INTO holes VALUES (1, REPEAT('hole ', 100000))",
            ],
            "SELECT CRC32(b) % 1000000 FROM holes"),
        (["CREATE SEQUENCE counter START WITH 5 NOCACHE"], "SELECT next_not_cached_value FROM counter"),
    ];

    public override (string Statement, string Word) Encrypted =>
        ("CREATE TABLE hidden (n INT PRIMARY KEY) ENCRYPTED = YES", "Wrong create options");

    public override string UnknownTransaction => "0-1-999999999";

    protected override string ForgetLog => "RESET MASTER";

    private protected override async Task<string> LastTransactionAsync(Session session) =>
        (await session.TextAsync("SELECT @@GLOBAL.gtid_binlog_pos", CancellationToken.None))!;

    protected override Datastore Create(DatastoreHost host) => MySqlDatastores.CreateMariaDb(host);

    protected override Task<string> MakeRootAsync()
    {
        var root = Directory.CreateTempSubdirectory("dbaas-mariadb-").FullName;
        File.SetUnixFileMode(root, File.GetUnixFileMode(root) | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
        return Task.FromResult(root);
    }

    protected override void RemoveRoot(string root) => Directory.Delete(root, recursive: true);

    protected override Task<long> ReadLastTransactionAsync(IReadOnlyList<string> gtids) =>
        Task.FromResult(gtids.Max(gtid => MariaDbGtidState.Parse(gtid).Highest(0)));
}
