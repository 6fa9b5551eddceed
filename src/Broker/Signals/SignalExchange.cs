using Dbaas.Persistence.Signals;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Dbaas.Broker.Signals;

/// <summary>
/// Tells other nodes what is signalled here, and the other way round. A signal that is lost, or a broker that is away, costs the time until
/// somebody looks by himself.
/// </summary>
internal sealed class SignalExchange(
    BrokerConnections connections, BrokerOptions options, SignalOutbox outbox, ControlSignals signals, TimeProvider time,
    ILogger<SignalExchange> logger) : BackgroundService
{
    private const string Exchange = "dbaas.signals";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Who does not keep up would be told of the past.
    private static readonly Dictionary<string, object?> QueueArguments = new() { ["x-message-ttl"] = 5000, ["x-max-length"] = 10_000 };

    private readonly string own = Guid.CreateVersion7(time.GetUtcNow()).ToString();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wasLost = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await connections.OpenAsync($"dbaas signals {options.NodeName}", stoppingToken);
                logger.LogInformation("Signals go over the broker {Broker}", options);
                wasLost = false;
                await ServeAsync(connection, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                BrokerMeter.Failed();
                // Once, not each second of a long absence.
                logger.Log(
                    wasLost ? LogLevel.Debug : LogLevel.Warning,
                    "The broker {Broker} cannot be reached, and other nodes find out by looking: {Why}", options, Innermost(e));
                wasLost = true;
            }

            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(IConnection connection, CancellationToken stoppingToken)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        connection.ConnectionShutdownAsync += (_, _) => lost.CancelAsync();
        if (!connection.IsOpen)
        {
            throw new IOException("The connection is lost already.");
        }

        await using var channel = await connection.CreateChannelAsync(cancellationToken: stoppingToken);
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Fanout, durable: false, cancellationToken: stoppingToken);
        var queue = await channel.QueueDeclareAsync(
            "", durable: false, exclusive: true, autoDelete: true, QueueArguments, cancellationToken: stoppingToken);
        await channel.QueueBindAsync(queue.QueueName, Exchange, "", cancellationToken: stoppingToken);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            Hear(message);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, stoppingToken);
        BrokerMeter.Opened();
        outbox.IsOpen = true;
        try
        {
            // What was said before this node listened.
            signals.Heard(SignalKind.Operation);
            signals.Heard(SignalKind.Configuration);
            await SendAsync(channel, lost.Token);
        }
        finally
        {
            outbox.IsOpen = false;
            BrokerMeter.Closed();
        }
    }

    private async Task SendAsync(IChannel channel, CancellationToken lost)
    {
        var properties = new BasicProperties { AppId = own };
        await foreach (var (kind, key) in outbox.Waiting.ReadAllAsync(lost))
        {
            await channel.BasicPublishAsync(Exchange, "", mandatory: false, properties, SignalMessage.Write(kind, key), lost);
            BrokerMeter.Sent();
        }
    }

    private void Hear(BasicDeliverEventArgs message)
    {
        if (message.BasicProperties.AppId != own && SignalMessage.Read(message.Body.Span) is { } signal)
        {
            BrokerMeter.Received();
            signals.Heard(signal.Kind, signal.Key);
        }
    }

    private static string Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e.Message;
}
