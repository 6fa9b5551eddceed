using Dbaas.Persistence.Tests.Support;
using Dbaas.Testing;

[assembly: AssemblyFixture(typeof(MariaDb))]

namespace Dbaas.Persistence.Tests.Support;

/// <summary>One server for all tests.</summary>
public sealed class MariaDb : IAsyncLifetime
{
    public MariaDbServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await MariaDbServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
