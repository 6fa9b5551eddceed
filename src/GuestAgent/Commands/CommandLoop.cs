using Dbaas.GuestAgent.Channel;

namespace Dbaas.GuestAgent.Commands;

/// <summary>Pulls commands by long poll and hands them over.</summary>
internal sealed class CommandLoop(GatewayClient gateway, CommandDispatcher dispatcher, Retry retry, TimeProvider time)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan NothingNew = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var batch = await retry.UntilDoneAsync(
                "commands", token => gateway.PollAsync(dispatcher.InHand, Wait, token), cancellationToken);
            var fresh = batch.Commands.Count(command => dispatcher.Accept(command, cancellationToken));
            if (fresh == 0 && batch.Commands.Count > 0)
            {
                // A gateway that sends again what is in hand would be asked without a pause.
                await Task.Delay(NothingNew, time, cancellationToken);
            }
        }
    }
}
