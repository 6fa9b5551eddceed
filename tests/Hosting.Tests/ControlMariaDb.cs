using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.Hosting.Tests;

/// <summary>An empty control database on a server of its own.</summary>
public sealed class ControlMariaDb : IAsyncLifetime
{
    public MariaDbServer Server { get; private set; } = null!;

    public string ConnectionString => Server.ConnectionString("control");

    public async ValueTask InitializeAsync()
    {
        Server = await MariaDbServer.StartAsync();
        await Sql.RunLocallyAsync(Server.SocketPath, "CREATE DATABASE control");
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
