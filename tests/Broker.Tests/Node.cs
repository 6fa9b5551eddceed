using Dbaas.Broker.Signals;
using Dbaas.Persistence.Signals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dbaas.Broker.Tests;

/// <summary>What one process has of the broker.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private Node(ServiceProvider services) => this.services = services;

    public ControlSignals Signals => services.GetRequiredService<ControlSignals>();

    /// <summary>It is connected.</summary>
    public bool IsOpen => services.GetRequiredService<SignalOutbox>().IsOpen;

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public static async Task<Node> StartAsync(BrokerOptions options, Action<IServiceCollection>? also = null)
    {
        var collection = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(provider => new ControlSignals(provider.GetService<IRemoteSignals>()))
            .AddBroker(options);
        also?.Invoke(collection);
        var node = new Node(collection.BuildServiceProvider());
        foreach (var service in node.services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }

        return node;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in services.GetServices<IHostedService>())
        {
            await service.StopAsync(CancellationToken.None);
        }

        await services.DisposeAsync();
    }
}
