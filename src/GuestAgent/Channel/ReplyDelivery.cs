using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Channel;

/// <summary>Brings replies to the gateway until it takes them.</summary>
internal sealed class ReplyDelivery(GatewayClient gateway, Retry retry, Action nudgeReporter, Action<string> log)
{
    public async Task DeliverAsync(ReplyEnvelope reply, CancellationToken cancellationToken)
    {
        // What the command changed is to be seen as soon as it is answered.
        nudgeReporter();
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
