using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql;
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

    internal override Flavor Flavor { get; } = new MariaDbFlavor();

    protected override string GtidQuery => "SELECT @@GLOBAL.gtid_binlog_state";

    protected override string ServerProgram => "mariadbd";

    protected override string NoKeys => "skip_ssl";

    protected override RootStatements RootStatements => MariaDbRootStatements.All;

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
