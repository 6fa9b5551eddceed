using Dbaas.Persistence.Tests.Support;
using Dbaas.Testing;
using Dbaas.Testing.Containers;
using Testcontainers.MySql;

[assembly: AssemblyFixture(typeof(MySql))]

namespace Dbaas.Persistence.Tests.Support;

/// <summary>
/// MySQL as a container, for all tests that use it; started with the first. Any image that a Docker daemon of the developer's can have is
/// named in <c>DBAAS_TEST_MYSQL_IMAGE</c>; else a daemon of the tests' own runs one that is made from Debian's packages.
/// </summary>
public sealed class MySql : IAsyncDisposable
{
    private const string ImageVariable = "DBAAS_TEST_MYSQL_IMAGE";
    private readonly Lazy<Task<MySqlContainer>> container;
    private DockerDaemon? daemon;

    public MySql() => container = new(StartAsync);

    /// <summary>As root, who may make databases.</summary>
    public async Task<string> ConnectionStringAsync(string database = "mysql")
    {
        var running = await container.Value;
        return new MySqlConnector.MySqlConnectionStringBuilder(
            running.GetConnectionString()) { UserID = "root", Database = database }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        if (container.IsValueCreated)
        {
            // What failed to start has said so already.
            await container.Value.ContinueWith(
                started => started.IsCompletedSuccessfully ? started.Result.DisposeAsync().AsTask() : Task.CompletedTask,
                TaskScheduler.Default).Unwrap();
        }

        if (daemon is not null)
        {
            await daemon.DisposeAsync();
        }
    }

    private async Task<MySqlContainer> StartAsync()
    {
        var image = Environment.GetEnvironmentVariable(ImageVariable) is { Length: > 0 } named ? named : await MakeImageAsync();
        var built = new MySqlBuilder(image).Build();
        await built.StartAsync();
        return built;
    }

    private async Task<string> MakeImageAsync()
    {
        const string name = "dbaas-test-mysql:debian";
        daemon = await DockerDaemon.StartAsync();
        await daemon.ImportAsync(await EngineImages.MySqlAsync(), Path.Combine(AppContext.BaseDirectory, "MySqlImage", "entry.sh"), name);

        // Debian's daemon speaks an older version than the library asks for; and nothing outlives the daemon, so nobody has to look for
        // what is left.
        Environment.SetEnvironmentVariable("DOCKER_HOST", daemon.Address);
        Environment.SetEnvironmentVariable("DOCKER_API_VERSION", "1.41");
        Environment.SetEnvironmentVariable("TESTCONTAINERS_RYUK_DISABLED", "true");
        return name;
    }
}
