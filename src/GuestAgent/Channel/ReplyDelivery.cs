using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Channel;

/// <summary>Brings replies to the gateway until it takes them.</summary>
/// <param name="gateway">To whom.</param>
/// <param name="retry">How often.</param>
/// <param name="bringUpToDate">Completes when the gateway knows how the server is by now.</param>
/// <param name="time">Where time comes from.</param>
/// <param name="log">For people.</param>
internal sealed class ReplyDelivery(
    GatewayClient gateway, Retry retry, Func<Task> bringUpToDate, TimeProvider time, Action<string> log)
{
    // A server that hangs shows nothing for longer, and an answer is worth more than its looks.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <param name="reply">The reply.</param>
    /// <param name="changesNothing">Its command only read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task DeliverAsync(ReplyEnvelope reply, bool changesNothing, CancellationToken cancellationToken)
    {
        if (!changesNothing)
        {
            // What the command changed is to be seen as soon as it is answered: an instance that an operation has started is HEALTHY at
            // its end.
            await bringUpToDate().WaitAsync(Patience, time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        await retry.UntilDoneAsync(
            "reply",
            async token =>
            {
                try
                {
                    await gateway.ReplyAsync(reply, token);
                }
                catch (GatewayException e) when (e.Refused)
                {
                    // Nobody waits for it any more. Should somebody, the command comes again, and the journal answers it.
                    log($"The reply to {reply.Id} was refused: {e.Message}");
                }

                return reply.Id;
            },
            cancellationToken);
    }
}
