using Dbaas.Domain.Notices;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Dbaas.Broker.Notifications;

/// <summary>
/// Publishes notifications where OpenStack's services listen: a topic exchange, and a queue of the topic's name that keeps them until
/// somebody reads. On a connection that is opened when it is needed, and again when it was lost.
/// </summary>
internal sealed class OsloNotifier(BrokerConnections connections, BrokerOptions options) : INotifier, IAsyncDisposable
{
    private static readonly CreateChannelOptions Confirmed = new(
        publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim turn = new(1);
    private IConnection? connection;
    private IChannel? channel;

    private string Queue => $"{options.Topic}.info";

    public async Task TellAsync(Notification notification, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        await turn.WaitAsync(cancellationToken);
        try
        {
            var open = channel is { IsOpen: true } ? channel : await OpenAsync(limit.Token);
            var properties = new BasicProperties
            {
                ContentType = "application/json",
                ContentEncoding = "utf-8",
                DeliveryMode = DeliveryModes.Persistent,
            };
            await open.BasicPublishAsync(
                options.Exchange, Queue, mandatory: true, properties,
                OsloEnvelope.Write(notification, $"{ServiceOf(notification)}.{options.NodeName}"), limit.Token);
            BrokerMeter.Notified();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            BrokerMeter.Failed();
            await CloseAsync();
            throw new IOException($"The broker {options} does not take notifications: {e.Message}", e);
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        turn.Dispose();
    }

    private static string ServiceOf(Notification notification) =>
        notification.Payload.GetValueOrDefault("server_type") as string ?? "taskmanager";

    private async Task<IChannel> OpenAsync(CancellationToken cancellationToken)
    {
        await CloseAsync();
        connection = await connections.OpenAsync($"dbaas notifications {options.NodeName}", cancellationToken);
        BrokerMeter.Opened();
        await EnsureAsync(
            declaring => declaring.ExchangeDeclarePassiveAsync(options.Exchange, cancellationToken),
            declaring => declaring.ExchangeDeclareAsync(
                options.Exchange, ExchangeType.Topic, options.IsDurable, autoDelete: false, cancellationToken: cancellationToken),
            cancellationToken);
        await EnsureAsync(
            declaring => declaring.QueueDeclarePassiveAsync(Queue, cancellationToken),
            declaring => declaring.QueueDeclareAsync(
                Queue, options.IsDurable, exclusive: false, autoDelete: false, cancellationToken: cancellationToken),
            cancellationToken);
        channel = await connection.CreateChannelAsync(Confirmed, cancellationToken);
        await channel.QueueBindAsync(Queue, options.Exchange, Queue, cancellationToken: cancellationToken);
        return channel;
    }

    // What others have made may have properties of its own, and is theirs.
    private async Task EnsureAsync(Func<IChannel, Task> look, Func<IChannel, Task> make, CancellationToken cancellationToken)
    {
        await using var looking = await connection!.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            await look(looking);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            await using var making = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            await make(making);
        }
    }

    private async Task CloseAsync()
    {
        if (connection is { } old)
        {
            (connection, channel) = (null, null);
            BrokerMeter.Closed();
            await old.DisposeAsync();
        }
    }
}
