using Dapper;
using Dbaas.Domain;
using Dbaas.Galera.Tests.Support;
using Dbaas.Persistence;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Migrations;
using Dbaas.Persistence.Secrets;
using Dbaas.Testing.Galera;
using Dbaas.Testing.Services;

[assembly: AssemblyFixture(typeof(Cluster))]

namespace Dbaas.Galera.Tests.Support;

/// <summary>
/// One cluster of three nodes for all tests, which run one after the other and leave it whole. The second node's clock is five seconds
/// ahead.
/// </summary>
public sealed class Cluster : IAsyncLifetime
{
    private const string Control = "control";
    private readonly SecretBox secrets = new(new byte[32]);

    public GaleraCluster Galera { get; private set; } = null!;

    public IIdSource Ids { get; } = new RandomIdSource(TimeProvider.System);

    public IReadOnlyList<GaleraNode> Nodes => Galera.Nodes;

    public async ValueTask InitializeAsync()
    {
        Galera = await GaleraCluster.StartAsync(TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.Zero);
        using var database = await OpenNewAsync(Control, 0, 1, 2);
    }

    public async ValueTask DisposeAsync()
    {
        await Galera.DisposeAsync();
        secrets.Dispose();
    }

    /// <summary>The control database as a program sees it that knows these nodes, the first of them first.</summary>
    public Database Open(params int[] nodes) => Open(Control, nodes);

    /// <summary>The same, for somebody with less patience.</summary>
    public Database Open(TimeSpan patience, params int[] nodes) => new(Dialect(nodes), secrets, threadCount: 2, patience: patience);

    /// <summary>A database of one's own.</summary>
    public Database Open(string name, params int[] nodes) => new(Dialect(name, nodes), secrets, threadCount: 2);

    /// <summary>Makes one, with its tables.</summary>
    public async Task<Database> OpenNewAsync(string name, params int[] nodes)
    {
        using (var connection = new MySqlDialect(Galera.ConnectionStrings()).Open())
        {
            await connection.ExecuteAsync($"CREATE DATABASE {name}");
        }

        var database = Open(name, nodes);
        await Migrator.MigrateAsync(database, Ids, CancellationToken.None);
        return database;
    }

    /// <summary>Programs of the control plane over all three nodes, on a database of their own. No program yet.</summary>
    public async Task<RunningNodes> NewControlPlaneAsync(string name)
    {
        Task<string> AskAsync(string statements) => Sql.RunAsync(Nodes[0].Address, GaleraCluster.User, Galera.Password, statements);
        await AskAsync($"CREATE DATABASE {name}");
        return new RunningNodes(Galera.ConnectionStrings(name), statements => AskAsync($"USE {name}; {statements}"));
    }

    public MySqlDialect Dialect(params int[] nodes) => Dialect(Control, nodes);

    private MySqlDialect Dialect(string name, int[] nodes) => new([.. nodes.Select(index => Nodes[index].ConnectionString(name))]);
}
