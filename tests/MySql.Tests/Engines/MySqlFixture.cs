using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Testing;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>
/// MySQL from a root file system. The tests' folders lie inside it, and a link at the same path leads there from outside.
/// </summary>
public sealed class MySqlFixture : MySqlFamilyFixture
{
    private string _image = "";
    private ImageLauncher? _launcher;

    public override string ForeignSnapshotKind => "mariadb.replication-snapshot";

    public override int UserNameLimit => 32;

    protected override IProgramLauncher Launcher => _launcher!;

    protected override int MemoryMb => 512;

    protected override string Version => "9.7";

    public override bool StreamsData => false;

    public override bool FollowByLog => true;

    internal override Flavor Flavor { get; } = new MySqlFlavor();

    protected override string GtidQuery => "SELECT @@GLOBAL.server_uuid, @@GLOBAL.gtid_executed";

    protected override string ServerProgram => "mysqld";

    protected override string NoKeys => "tls_version = \"\"";

    protected override RootStatements RootStatements => MySqlRootStatements.All;

    public override SlaveStatements SlaveStatements { get; } = FamilySlaveStatements.Of(
        FamilySlaveStatements.OnTheMaster,
        [
            .. FamilySlaveStatements.OnTheSlave,
            "ANALYZE TABLE plain UPDATE HISTOGRAM ON b WITH 4 BUCKETS",
            "ANALYZE TABLE plain DROP HISTOGRAM ON b",
            "ALTER INSTANCE RELOAD KEYRING; RESTART; EXPLAIN ANALYZE SELECT * FROM plain; CREATE TEMPORARY TABLE t (n INT) ENGINE = MEMORY",
        ]);

    public override (string Write, string Unpack) BackupPrograms => ("tar", "tar");

    /// <summary>(Encrypted ones need a keyring, which no server here has.)</summary>
    protected override IReadOnlyList<(IReadOnlyList<string> Statements, string Query)> OwnKinds { get; } =
    [
        (
            [
                "CREATE TABLE holes (n INT PRIMARY KEY, b LONGBLOB) COMPRESSION = 'zlib'",
                "INSERT INTO holes VALUES (1, REPEAT('hole ', 100000))",
            ],
            "SELECT CRC32(b) % 1000000 FROM holes"),
    ];

    public override (string Statement, string Word) Encrypted =>
        ("CREATE TABLE hidden (n INT PRIMARY KEY) ENCRYPTION = 'Y'", "keyring");

    public override string UnknownTransaction => "3e11fa47-71ca-11e1-9e33-c80aa9429562:1";

    protected override string ForgetLog => "RESET BINARY LOGS AND GTIDS";

    private protected override async Task<string> LastTransactionAsync(Session session)
    {
        var server = (await session.TextAsync("SELECT @@GLOBAL.server_uuid", CancellationToken.None))!;
        var all = await Flavor.Gtids.ReadStateAsync(session, CancellationToken.None);
        return $"{server}:{GtidSet.Parse(all).Highest(server)}";
    }

    protected override Datastore Create(DatastoreHost host) => MySqlDatastores.CreateMySql(host);

    protected override async Task<string> MakeRootAsync()
    {
        _image = await EngineImages.MySqlAsync();
        _launcher = new ImageLauncher(_image);
        var name = $"dbaas-mysql-{Guid.CreateVersion7().ToString("N")[20..]}";
        var link = Path.Combine("/tmp", name);
        var inside = Path.Combine(_image, "tmp", name);
        Directory.CreateDirectory(inside);
        Directory.CreateSymbolicLink(link, inside);
        return link;
    }

    protected override void RemoveRoot(string root)
    {
        Directory.Delete(root);
        Directory.Delete(Path.Combine(_image, "tmp", Path.GetFileName(root)), recursive: true);
    }

    protected override Task<long> ReadLastTransactionAsync(IReadOnlyList<string> gtids) =>
        Task.FromResult(GtidSet.Parse(gtids[1]).Highest(gtids[0]));
}
