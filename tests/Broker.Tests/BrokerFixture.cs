using Dbaas.Testing.RabbitMq;

namespace Dbaas.Broker.Tests;

/// <summary>A broker of its own.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    public RabbitMqServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await RabbitMqServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
