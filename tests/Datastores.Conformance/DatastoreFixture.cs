using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Xunit;

namespace Dbaas.Datastores.Conformance;

/// <summary>What a test needs to know about an engine. One per test class; it ends everything that the class started.</summary>
public abstract class DatastoreFixture : IAsyncLifetime
{
    /// <summary>The database that prepared masters have.</summary>
    public const string Database = "shop";

    /// <summary>The user that prepared masters have.</summary>
    public static readonly UserSpec App = new("app", "app's \"secret\" \\ ünder", Databases: [Database]);

    /// <summary>A database user's id when the tests run as root, as in production.</summary>
    private const int DatabaseUserId = 64001;

    private readonly List<TestInstance> _instances = [];
    private readonly List<string> _secrets = [App.Password];
    private readonly Lazy<Task<TestPair>> _pair;
    private readonly Lazy<Task<TestInstance>> _alone;
    private readonly Lazy<Task<TestInstance>> _source;
    private string _root = "";
    private uint _serverId = 100;

    /// <summary>Makes a fixture.</summary>
    protected DatastoreFixture()
    {
        _pair = new Lazy<Task<TestPair>>(MakePairAsync);
        _alone = new Lazy<Task<TestInstance>>(() => MakeSharedAsync(BinaryLogMode.WhenReplicating));
        _source = new Lazy<Task<TestInstance>>(() => MakeSharedAsync(LogToFollow));
    }

    /// <summary>The kind that other engines use for their snapshots.</summary>
    public abstract string ForeignSnapshotKind { get; }

    /// <summary>
    /// A parameter with which a server does not start on data that was made without it, and a word that is in the reason.
    /// </summary>
    public abstract (string Name, string Value, string Word) CannotStartWith { get; }

    /// <summary>A parameter with which a server ends before it has opened its log, and a word that is in the reason.</summary>
    public abstract (string Name, string Value, string Word) CannotBeginWith { get; }

    /// <summary>The engine's parameters for a server that few clients fill, all of them of one user.</summary>
    public abstract IReadOnlyDictionary<string, string> FewConnections { get; }

    /// <summary>The engine's parameters that are changed while it serves.</summary>
    public abstract ParameterWords Parameters { get; }

    /// <summary>The longest user name.</summary>
    public abstract int UserNameLimit { get; }

    /// <summary>The streams between the class's instances.</summary>
    public PeerStreamHub Hub { get; } = new();

    /// <summary>What must not be seen anywhere.</summary>
    public IReadOnlyList<string> Secrets => _secrets;

    /// <summary>All instances of the class.</summary>
    public IReadOnlyList<TestInstance> Instances => _instances;

    /// <summary>How programs are started.</summary>
    protected abstract IProgramLauncher Launcher { get; }

    /// <summary>Memory of the instances.</summary>
    protected abstract int MemoryMb { get; }

    /// <summary>The datastore version's name.</summary>
    protected abstract string Version { get; }

    /// <summary>Root or not decides about the database's user.</summary>
    protected static int? UserId => Environment.IsPrivilegedProcess ? DatabaseUserId : null;

    /// <summary>A master and its slave, for tests that leave them as they are.</summary>
    public Task<TestPair> PairAsync() => _pair.Value;

    /// <summary>A server on its own, for tests that share it.</summary>
    public Task<TestInstance> AloneAsync() => _alone.Value;

    /// <summary>A server whose backups can follow on each other, for tests that share it.</summary>
    public Task<TestInstance> SourceAsync() => _source.Value;

    /// <summary>With which this engine can make backups that follow on others.</summary>
    public BinaryLogMode LogToFollow => FollowByLog ? BinaryLogMode.Always : BinaryLogMode.WhenReplicating;

    /// <summary>Makes the datastore.</summary>
    protected abstract Datastore Create(DatastoreHost host);

    /// <summary>An empty folder, readable by all, below which the instances are.</summary>
    protected abstract Task<string> MakeRootAsync();

    /// <summary>Removes it.</summary>
    protected abstract void RemoveRoot(string root);

    /// <summary>Puts a finished, empty data directory there, if that is quicker than making one.</summary>
    protected abstract Task SeedAsync(TestInstance instance);

    /// <summary>An ordinary client, by the network.</summary>
    public Task<ITestClient> ConnectAsync(TestInstance instance, string user, string password) =>
        ConnectAsync(instance, user, password, Database);

    /// <summary>An ordinary client, by the network, in another database.</summary>
    public abstract Task<ITestClient> ConnectAsync(TestInstance instance, string user, string password, string database);

    /// <summary>Looks into the server, as nobody else can.</summary>
    public abstract Task<ServerFacts> LookAsync(TestInstance instance);

    /// <summary>What an enabled root tries, with the accounts that are on this server.</summary>
    public abstract Task<RootStatements> RootStatementsAsync(TestInstance instance);

    /// <summary>The engine's words.</summary>
    public abstract EngineWords Words { get; }

    /// <summary>What nobody else may have or touch.</summary>
    public abstract EngineOwn Own { get; }

    /// <summary>In the engine's words: makes what <see cref="InsertRow"/> fills.</summary>
    public abstract string CreateRows { get; }

    /// <summary>The numbers, in order.</summary>
    public abstract string ReadRows { get; }

    /// <summary>Words of which one is in each refusal for want of rights, or because the server is read only.</summary>
    public abstract IReadOnlyList<string> Refusals { get; }

    /// <summary>The data of a new slave comes as a stream from agent to agent.</summary>
    public abstract bool StreamsData { get; }

    /// <summary>What follows on a backup is made from a log that a server does not always keep.</summary>
    public abstract bool FollowByLog { get; }

    /// <summary>What is in a server that serves, table by table, in the order of their names.</summary>
    public abstract Task<IReadOnlyList<TableFinding>> FindingsOfAsync(TestInstance serving);

    /// <summary>Damages the table of <see cref="CreateRows"/> in data that no server runs on.</summary>
    /// <returns>Its name, as findings write it.</returns>
    public abstract string DamageRows(TestInstance stopped);

    /// <summary>A table whose name comes behind that one's.</summary>
    public abstract string TableBehindRows { get; }

    /// <summary>Makes it, unless it is there.</summary>
    public abstract string CreateBehindRows { get; }

    /// <summary>Damages what the engine needs for its start.</summary>
    public abstract void DamageEngine(TestInstance stopped);

    /// <summary>The server's program.</summary>
    public abstract string ServerName { get; }

    /// <summary>The name of the last transaction that this server has logged.</summary>
    public abstract Task<string> LastTransactionAsync(TestInstance instance);

    /// <summary>The name of one that no server has.</summary>
    public abstract string UnknownTransaction { get; }

    /// <summary>The engine forgets its log, and begins another; nobody tells the agent.</summary>
    public abstract Task BeginLogAnewAsync(TestInstance instance);

    /// <summary>The same, and its next file has this number.</summary>
    public abstract Task BeginLogAnewAsync(TestInstance instance, int number);

    /// <summary>Makes a table that the engine itself encrypts, and a word in its refusal.</summary>
    public abstract (string Statement, string Word) Encrypted { get; }

    /// <summary>A configuration with which the engine removes its log after a second.</summary>
    public abstract IReadOnlyDictionary<string, string> ShortLivedLog { get; }

    /// <summary>The programs that write a backup, and unpack it.</summary>
    public abstract (string Write, string Unpack) BackupPrograms { get; }

    /// <summary>What is known of a backup, as if its data were so large.</summary>
    public abstract OpaqueDocument Resized(OpaqueDocument backup, long bytes);

    /// <summary>Adds a number.</summary>
    public abstract string InsertRow(int number);

    /// <summary>Takes one away.</summary>
    public abstract string DeleteRow(int number);

    /// <summary>Makes what <see cref="InsertFiller"/> fills, unless it is there.</summary>
    public abstract string CreateFiller { get; }

    /// <summary>How many of its rows there are.</summary>
    public abstract string CountFiller { get; }

    /// <summary>Adds a row of that size.</summary>
    public abstract string InsertFiller(int kilobytes);

    /// <summary>What an ordinary user and an enabled root say on a slave.</summary>
    public abstract SlaveStatements SlaveStatements { get; }

    /// <summary>The login by which a snapshot's slave follows.</summary>
    public abstract (string User, string Password) LoginOf(SnapshotOffer offer);

    /// <summary>The snapshot as if its master had the key of another instance.</summary>
    public abstract SnapshotOffer WithCertificateOf(TestInstance other, SnapshotOffer offer);

    /// <summary>A login by the network, in the clear or not.</summary>
    public abstract Task<bool> CanLogInAsync(TestInstance instance, string user, string password, bool encrypted);

    /// <summary>This slave receives inside TLS, from a master whose certificate it checks.</summary>
    public abstract Task<bool> FollowsVerifiedAsync(TestInstance slave);

    /// <summary>Starts a server again as versions did that knew no keys.</summary>
    public abstract Task RunWithoutKeysAsync(TestInstance instance);

    /// <summary>Replaces an instance's data by a copy of another's. Both are stopped.</summary>
    public abstract Task CopyDataAsync(TestInstance from, TestInstance to);

    /// <summary>The file in which the server says how it is, which the looks at it keep from growing for ever.</summary>
    public abstract string ServerLogOf(TestInstance instance);

    /// <summary>The folders on the volume where the engine writes what was done.</summary>
    public abstract IReadOnlyList<string> LogFolders { get; }

    /// <summary>Holds a row, so that nobody else can change it, until it is disposed of or the server ends.</summary>
    public abstract Task<IAsyncDisposable> HoldRowAsync(TestInstance instance, int number);

    /// <summary>An administrator lets nobody write, until it is disposed of or the server ends.</summary>
    public abstract Task<IAsyncDisposable> HoldServerAsync(TestInstance instance);

    /// <summary>The numbers of the connections that slaves read from.</summary>
    public abstract Task<IReadOnlyList<string>> ConnectionsOfSlavesAsync(TestInstance instance);

    /// <summary>Somebody changes rows just now.</summary>
    public abstract Task<bool> IsChangingAsync(TestInstance instance);

    /// <summary>The slave received all that its master has logged, applied or not.</summary>
    public abstract Task<bool> HasReceivedAllAsync(TestPair pair);

    /// <summary>
    /// Ends the agent of this instance at the n-th point (from 0) where it has something to do with its records: nothing happens any more
    /// that it would have done. In the calls that are made from here, until it is disposed of.
    /// </summary>
    /// <param name="instance">Whose agent.</param>
    /// <param name="point">Where.</param>
    /// <param name="atChanges">What it is about to tell the server to change is such a point, too.</param>
    /// <param name="happened">Called then.</param>
    public abstract IDisposable CutAt(TestInstance instance, int point, bool atChanges, Action happened);

    /// <summary>The engine forgets whom it follows, as in the middle of a detachment; nobody tells the agent.</summary>
    public abstract Task ForgetSourceAsync(TestInstance slave);

    /// <summary>
    /// From here on, until it is disposed of, whoever copies this server's data for a new slave is cut off by the server each time, while
    /// rows and tables are changed.
    /// </summary>
    public abstract IAsyncDisposable DisturbCopies(TestInstance master);

    /// <summary>Words of which one is in what the engine or its tool says then.</summary>
    public abstract IReadOnlyList<string> WordsOfDisturbedCopies { get; }

    /// <summary>Its server is killed, and what it received and did not apply is gone when it is up again.</summary>
    public abstract Task LoseReceivedAsync(TestInstance slave);

    /// <summary>The snapshot as if its master were where nobody listens.</summary>
    public abstract SnapshotOffer Elsewhere(SnapshotOffer offer);

    /// <summary>The files without which nobody can say what a server is.</summary>
    public abstract IReadOnlyList<string> RecordsOf(TestInstance instance);

    /// <summary>The secrets that a snapshot holds.</summary>
    public abstract IEnumerable<string> SecretsOf(SnapshotOffer offer);

    /// <summary>A snapshot like this one whose data is as large as a continent.</summary>
    public abstract SnapshotOffer Inflate(SnapshotOffer offer);

    /// <inheritdoc />
    public async ValueTask InitializeAsync() => _root = await MakeRootAsync();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
        }

        if (_root.Length > 0)
        {
            RemoveRoot(_root);
        }
    }

    /// <summary>Stops the servers that are no longer needed: all but the shared ones. What they wrote stays to be looked at.</summary>
    internal async Task StopServersOfTestAsync()
    {
        foreach (var instance in _instances.Where(instance => !instance.IsShared))
        {
            await instance.Supervisor.StopAsync(TimeSpan.Zero, CancellationToken.None);
        }
    }

    /// <summary>An instance that was told nothing yet.</summary>
    public TestInstance NewInstance(params IReadOnlyList<string> userAddresses)
    {
        var instance = new TestInstance(_root, Launcher, Hub, UserId, MemoryMb, userAddresses, Create);
        _instances.Add(instance);
        return instance;
    }

    /// <summary>What an instance is told first.</summary>
    public PrepareServer Settings(bool forSlave = false, BinaryLogMode log = BinaryLogMode.WhenReplicating) => new()
    {
        DatastoreVersion = Version, ServerId = Interlocked.Increment(ref _serverId), ForSlave = forSlave, BinaryLog = log,
    };

    /// <summary>A running server with a database and a user, on its own.</summary>
    public async Task<TestInstance> NewMasterAsync(
        BinaryLogMode log = BinaryLogMode.WhenReplicating, IReadOnlyDictionary<string, string>? configuration = null)
    {
        var instance = NewInstance();
        await SeedAsync(instance);
        await PrepareMasterAsync(instance, log, configuration);
        return instance;
    }

    /// <summary>The same of an instance that was told nothing yet.</summary>
    public async Task PrepareMasterAsync(
        TestInstance instance, BinaryLogMode log = BinaryLogMode.WhenReplicating, IReadOnlyDictionary<string, string>? configuration = null)
    {
        var settings = Settings(log: log) with { Configuration = configuration ?? new Dictionary<string, string>() };
        await instance.Server.InitializeAsync(settings, CancellationToken.None);
        await instance.Server.StartAsync(CancellationToken.None);
        await instance.Accounts.EnsureAsync([new DatabaseSpec(Database)], [App], CancellationToken.None);
        await using var client = await ConnectAsync(instance, App.Name, App.Password);
        await client.ExecuteAsync(CreateRows);
    }

    /// <summary>An instance that waits for its data.</summary>
    public async Task<TestInstance> NewSlaveAsync(BinaryLogMode log = BinaryLogMode.WhenReplicating)
    {
        var instance = NewInstance();
        await instance.Server.InitializeAsync(Settings(forSlave: true, log: log), CancellationToken.None);
        return instance;
    }

    /// <summary>A snapshot of the master for this slave.</summary>
    public async Task<SnapshotOffer> OfferAsync(TestInstance master, TestInstance slave, string? snapshotId = null) =>
        await master.Replication.GetReplicationSnapshotAsync(
            new GetReplicationSnapshot(snapshotId ?? Guid.CreateVersion7().ToString(), slave.Id, slave.Host.Address, 600),
            CancellationToken.None);

    /// <summary>Makes the one follow the other.</summary>
    public async Task<SnapshotOffer> AttachAsync(TestInstance master, TestInstance slave)
    {
        var offer = await OfferAsync(master, slave);
        await slave.Replication.LoadAndAttachAsync(offer.Snapshot, CancellationToken.None);
        return offer;
    }

    /// <summary>A master and its slave, for a test that takes them apart.</summary>
    public async Task<TestPair> NewPairAsync(BinaryLogMode log = BinaryLogMode.WhenReplicating)
    {
        var master = await NewMasterAsync(log);
        await this.InsertAsync(master, 1);
        var slave = await NewSlaveAsync(log);
        return new TestPair(master, slave, await AttachAsync(master, slave));
    }

    /// <summary>From here on this must not be seen anywhere.</summary>
    public string Secret(string value)
    {
        _secrets.Add(value);
        return value;
    }

    private async Task<TestInstance> MakeSharedAsync(BinaryLogMode log)
    {
        var alone = await NewMasterAsync(log);
        alone.IsShared = true;
        return alone;
    }

    private async Task<TestPair> MakePairAsync()
    {
        var pair = await NewPairAsync();
        pair.Master.IsShared = pair.Slave.IsShared = true;
        await pair.Master.Accounts.EnableRootAsync(Secret(TestPair.RootPassword), CancellationToken.None);
        return pair;
    }
}
