using Dbaas.GuestProtocol.Channel;

namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>The long poll: answers when there is a command that the agent does not have yet, or when the time is over.</summary>
internal static class CommandPoll
{
    // An answer stays small; the agent comes again at once.
    private const int MostAtOnce = 32;

    public static async Task<IReadOnlyList<CommandEnvelope>> WaitAsync(
        IGuestDirectory directory,
        string instanceId,
        HashSet<string> inHand,
        TimeSpan wait,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        var isNews = false;
        while (true)
        {
            var left = wait - time.GetElapsedTime(since);
            using var listening = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

            // Listening begins before the look, so that a command which comes in between is not missed.
            var signal = left > TimeSpan.Zero ? directory.WaitForCommandsAsync(instanceId, left, listening.Token) : null;
            try
            {
                var pending = await directory.GetPendingCommandsAsync(instanceId, isNews, cancellationToken);
                CommandEnvelope[] fresh = [.. pending.Where(command => !inHand.Contains(command.Id)).Take(MostAtOnce)];
                if (fresh.Length > 0 || signal is null)
                {
                    return fresh;
                }

                isNews = await signal;
            }
            finally
            {
                await listening.CancelAsync();
                if (signal is not null)
                {
                    await ((Task)signal).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }
}
