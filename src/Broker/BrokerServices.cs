using Dbaas.Broker.Notifications;
using Dbaas.Broker.Signals;
using Dbaas.Domain.Notices;
using Dbaas.Persistence.Signals;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Broker;

/// <summary>Puts the broker into a program.</summary>
public static class BrokerServices
{
    /// <summary>Signals go to other nodes, and <see cref="INotifier"/> tells other services.</summary>
    public static IServiceCollection AddBroker(this IServiceCollection services, BrokerOptions options) =>
        services
            .AddSingleton(options)
            .AddSingleton<BrokerConnections>()
            .AddSingleton<SignalOutbox>()
            .AddSingleton<IRemoteSignals>(provider => provider.GetRequiredService<SignalOutbox>())
            .AddHostedService<SignalExchange>()
            .AddSingleton<INotifier, OsloNotifier>();
}
