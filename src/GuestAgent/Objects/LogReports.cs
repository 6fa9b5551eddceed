using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Channel;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Objects;

/// <summary>Told to the gateway, which writes it down. What fails in a way that may pass is tried again, with growing pauses.</summary>
internal sealed class LogReports(GatewayClient gateway, TimeProvider time, Action<string> log) : ILogReports
{
    private static readonly TimeSpan TryFor = TimeSpan.FromMinutes(5);

    public async Task TellAsync(LogProgress progress, CancellationToken cancellationToken)
    {
        var (started, backoff) = (time.GetTimestamp(), new Backoff(time, Random.Shared.NextDouble));
        while (true)
        {
            try
            {
                await gateway.LogProgressAsync(progress, cancellationToken);
                return;
            }
            catch (GatewayException e)
            {
                log($"Part {progress.Parts} of the archived log {progress.LogId}: {e.Message}");
                if (e.Refused)
                {
                    throw new DatastoreException(FaultKind.Precondition, $"The archive is not wanted any more: {e.Message}", e);
                }

                if (time.GetElapsedTime(started) > TryFor)
                {
                    throw new DatastoreException(
                        FaultKind.Transient, $"Nobody took what was archived for {TryFor.TotalMinutes:0} minutes: {e.Message}", e);
                }

                await backoff.PauseAsync(cancellationToken);
            }
        }
    }
}
