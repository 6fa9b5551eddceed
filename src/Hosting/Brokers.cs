using Dbaas.Broker;
using Dbaas.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Hosting;

/// <summary>From the configuration to the broker.</summary>
internal static class Brokers
{
    /// <summary>Adds it; nothing where the configuration names none.</summary>
    /// <exception cref="InvalidDataException">What the configuration says cannot be used.</exception>
    public static IServiceCollection AddBroker(this IServiceCollection services, ServiceSettings settings)
    {
        if (settings.Broker.Url is not { } text)
        {
            return services;
        }

        // Its login is a secret: it is not said what it is instead.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("amqp" or "amqps"))
        {
            throw new InvalidDataException("Broker:Url in the configuration is no address of a broker, such as amqps://user:…@host/vhost.");
        }

        if (settings.Broker.CaFile is not null && url.Scheme != "amqps")
        {
            throw new InvalidDataException("Broker:CaFile in the configuration is for amqps, and Broker:Url is an address of amqp.");
        }

        return services.AddBroker(new BrokerOptions
        {
            Url = url,
            Authority = settings.Broker.CaFile is { } file ? File.ReadAllText(file) : null,
            NodeName = settings.NodeName,
            Exchange = settings.Broker.Exchange,
            Topic = settings.Broker.Topic,
            IsDurable = settings.Broker.Durable,
        });
    }
}
