namespace Dbaas.Hosting.Configuration;

/// <summary>A RabbitMQ, the same on every node; off by default.</summary>
public sealed record BrokerSetting
{
    /// <summary>With the login, for example <c>amqps://user:password@broker/vhost</c>; null: there is none. A secret.</summary>
    public string? Url { get; init; }

    /// <summary>PEM of the authority that the broker's certificate must be of; null: those that the machine trusts.</summary>
    public string? CaFile { get; init; }

    /// <summary>The exchange of notifications, which OpenStack calls <c>control_exchange</c>.</summary>
    public string Exchange { get; init; } = "openstack";

    /// <summary>The topic of notifications.</summary>
    public string Topic { get; init; } = "notifications";

    /// <summary>Exchange and queue of notifications outlive the broker, which OpenStack calls <c>amqp_durable_queues</c>.</summary>
    public bool Durable { get; init; }

    /// <summary>Never the password.</summary>
    public override string ToString() => $"{Exchange} {Topic}";
}
