using System.Diagnostics.Metrics;

namespace Dbaas.Broker;

/// <summary>What goes over the broker. docs/monitoring.md tells what each means.</summary>
public static class BrokerMeter
{
    /// <summary>Its name, for those who listen.</summary>
    public const string Name = "Dbaas.Broker";

    private static readonly Meter Meter = new(Name);

    private static readonly UpDownCounter<long> Connections = Meter.CreateUpDownCounter<long>(
        "dbaas.broker.connections", "{connection}", "Connections to the broker that are open.");

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "dbaas.broker.failures", "{failure}", "Connections to the broker that were lost, or could not be opened.");

    private static readonly Counter<long> SignalsSent = Meter.CreateCounter<long>(
        "dbaas.broker.signals.sent", "{signal}", "Signals to other nodes.");

    private static readonly Counter<long> SignalsReceived = Meter.CreateCounter<long>(
        "dbaas.broker.signals.received", "{signal}", "Signals of other nodes.");

    private static readonly Counter<long> Notifications = Meter.CreateCounter<long>(
        "dbaas.broker.notifications", "{notification}", "Notifications that the broker has confirmed.");

    internal static void Opened() => Connections.Add(1);

    internal static void Closed() => Connections.Add(-1);

    internal static void Failed() => Failures.Add(1);

    internal static void Sent() => SignalsSent.Add(1);

    internal static void Received() => SignalsReceived.Add(1);

    internal static void Notified() => Notifications.Add(1);
}
