using Dbaas.EndToEnd.Tests;
using Dbaas.Testing.Services;

[assembly: AssemblyFixture(typeof(ServiceFixture))]

namespace Dbaas.EndToEnd.Tests;

/// <summary>One service for all of these tests; each makes instances of its own.</summary>
public sealed class ServiceFixture : IAsyncLifetime
{
    public RunningService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await RunningService.StartAsync();

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
