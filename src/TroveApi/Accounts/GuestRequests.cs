using System.Text.Json;
using Dbaas.Domain;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Accounts;

/// <summary>
/// Asks a guest something while the user waits. The question is a row, so any gateway can hand it over; the answer comes back into the
/// row, with a signal: by whoever writes it, or by <see cref="ReplyWatch"/>.
/// </summary>
internal sealed class GuestRequests(IDatabase database, ControlSignals signals, IIdSource ids, TimeProvider time, TroveApiOptions options)
{
    /// <summary>Asks, and returns the result.</summary>
    public async Task<T> AskAsync<T>(string instanceId, GuestCommand command, CancellationToken cancellationToken)
    {
        var reply = await SendAsync(instanceId, command, cancellationToken);
        return reply.Body is { } body && body.Deserialize<T>(ProtocolJson.Options) is { } result
            ? result
            : throw FaultException.BadRequest("An error occurred communicating with the guest: it answered without a result.");
    }

    /// <summary>Asks for something that has no result.</summary>
    public Task TellAsync(string instanceId, GuestCommand command, CancellationToken cancellationToken) =>
        SendAsync(instanceId, command, cancellationToken);

    private async Task<ReplyEnvelope> SendAsync(string instanceId, GuestCommand command, CancellationToken cancellationToken)
    {
        if (!command.IsKnownToAll
            && await database.ReadAsync(unit => GuestRows.FindAgent(unit, instanceId), cancellationToken) is { } agent
            && command.WhyNotBy(agent.Protocol) is { } why)
        {
            throw FaultException.Unprocessable($"Instance {instanceId}: {why}");
        }

        var id = ids.NewId();
        using var replies = signals.Replies.Subscribe(id);
        var row = new GuestCommandRow
        {
            Id = id,
            InstanceId = instanceId,
            Kind = command.KindName(),
            Body = command.ToBody().GetRawText(),
            DeadlineSeconds = Math.Max(1, (int)options.GuestTimeout.TotalSeconds),
        };
        await database.WriteAsync(
            unit =>
            {
                var now = ControlPlaneRows.Now(unit);
                CommandRows.Ensure(
                    unit, row with { Created = now, Expires = now + (long)options.GuestTimeout.TotalMilliseconds });
            },
            cancellationToken);
        signals.CommandIsThere(instanceId);
        return Result(await ReplyAsync(id, replies, cancellationToken));
    }

    private async Task<string> ReplyAsync(string id, Subscription replies, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var row = await database.ReadAsync(unit => CommandRows.Find(unit, id), cancellationToken);
            if (row?.Reply is { } reply)
            {
                return reply;
            }

            var left = options.GuestTimeout - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                throw FaultException.BadRequest("Timeout trying to connect to the Guest Agent.");
            }

            // Whether it was woken or not: it looks.
            _ = await replies.WaitAsync(left, cancellationToken);
        }
    }

    private static ReplyEnvelope Result(string text)
    {
        var reply = JsonSerializer.Deserialize<ReplyEnvelope>(text, ProtocolJson.Options)!;
        var message = reply.Fault?.Message ?? reply.Outcome.ToString();
        return (reply.Outcome, reply.Fault?.Kind) switch
        {
            (Outcome.Succeeded, _) => reply,
            (Outcome.Unsupported, _) or (_, FaultKind.Unsupported) => throw FaultException.Unprocessable(message),
            (_, FaultKind.Precondition) => throw FaultException.BadRequest(message),
            (_, FaultKind.NotFound) => throw FaultException.NotFound(message),
            _ => throw FaultException.BadRequest($"An error occurred communicating with the guest: {message}"),
        };
    }
}
