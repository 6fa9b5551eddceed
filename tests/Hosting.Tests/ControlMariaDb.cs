using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.Hosting.Tests;

/// <summary>A server of its own with an empty control database, and with more of them.</summary>
public sealed class ControlMariaDb : IAsyncLifetime
{
    private int databases;

    public MariaDbServer Server { get; private set; } = null!;

    public string ConnectionString => Server.ConnectionString("control");

    public async ValueTask InitializeAsync()
    {
        Server = await MariaDbServer.StartAsync();
        await Sql.RunLocallyAsync(Server.SocketPath, "CREATE DATABASE control");
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>One more, without tables.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = $"control{Interlocked.Increment(ref databases)}";
        await Sql.RunLocallyAsync(Server.SocketPath, $"CREATE DATABASE {name}");
        return name;
    }

    /// <summary>Runs statements in one of them.</summary>
    public Task<string> AskAsync(string name, string statements) => Sql.RunLocallyAsync(Server.SocketPath, $"USE {name}; {statements}");
}
