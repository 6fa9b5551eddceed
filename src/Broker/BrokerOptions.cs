namespace Dbaas.Broker;

/// <summary>Where the broker is, and what is said there.</summary>
public sealed record BrokerOptions
{
    /// <summary>With the login, for example <c>amqps://user:password@broker:5671/vhost</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>PEM of the one authority that the broker's certificate is to be of; null: those that the machine trusts.</summary>
    public string? Authority { get; init; }

    /// <summary>Who says it, in notifications: a host's name.</summary>
    public required string NodeName { get; init; }

    /// <summary>The region, in notifications.</summary>
    public string Region { get; init; } = "RegionOne";

    /// <summary>The exchange of notifications: the <c>control_exchange</c> of those who listen.</summary>
    public string Exchange { get; init; } = "openstack";

    /// <summary>The topic of notifications.</summary>
    public string Topic { get; init; } = "notifications";

    /// <summary>Exchange and queue outlive the broker: the <c>amqp_durable_queues</c> of those who listen.</summary>
    public bool IsDurable { get; init; }

    /// <summary>Never the password.</summary>
    public override string ToString() => $"{Url.Host}:{Url.Port}";
}
