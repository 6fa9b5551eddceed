using Dapper;
using Dbaas.Domain;
using Dbaas.Galera.Tests.Support;
using Dbaas.Persistence;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Migrations;
using Dbaas.Persistence.Secrets;
using Dbaas.Testing.Galera;

[assembly: AssemblyFixture(typeof(Cluster))]

namespace Dbaas.Galera.Tests.Support;

/// <summary>One cluster of three nodes for all tests, which run one after the other and leave it whole.</summary>
public sealed class Cluster : IAsyncLifetime
{
    private const string Control = "control";
    private readonly SecretBox secrets = new(new byte[32]);

    public GaleraCluster Galera { get; private set; } = null!;

    public IIdSource Ids { get; } = new RandomIdSource(TimeProvider.System);

    public IReadOnlyList<GaleraNode> Nodes => Galera.Nodes;

    public async ValueTask InitializeAsync()
    {
        Galera = await GaleraCluster.StartAsync();
        using (var connection = new MySqlDialect(Galera.ConnectionStrings()).Open())
        {
            connection.Execute($"CREATE DATABASE {Control}");
        }

        using var database = Open(0, 1, 2);
        await Migrator.MigrateAsync(database, Ids, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Galera.DisposeAsync();
        secrets.Dispose();
    }

    /// <summary>The control database as a program sees it that knows these nodes, the first of them first.</summary>
    public Database Open(params int[] nodes) => new(Dialect(nodes), secrets, threadCount: 2);

    /// <summary>The same, for somebody with less patience.</summary>
    public Database Open(TimeSpan patience, params int[] nodes) => new(Dialect(nodes), secrets, threadCount: 2, patience: patience);

    public MySqlDialect Dialect(params int[] nodes) => new([.. nodes.Select(index => Nodes[index].ConnectionString(Control))]);
}
