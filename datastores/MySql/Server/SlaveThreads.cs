using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>
/// A slave's threads as the record wants them: both, or only the one that applies while nothing is to be received. They are started here
/// and nowhere else.
/// </summary>
internal sealed class SlaveThreads(Flavor flavor, ServerLayout layout, MemberStore member)
{
    private bool Receives => member.State.Following is not { Unheard: true };

    /// <summary>The next step towards what the record wants.</summary>
    public async Task SetAsync(Session session, CancellationToken cancellationToken)
    {
        if (!Receives)
        {
            await StopReceivingAsync(session, cancellationToken);
        }

        await flavor.FollowAsync(session, layout, Receives, cancellationToken);
    }

    /// <summary>Now, whatever the record says.</summary>
    public async Task StopReceivingAsync(Session session, CancellationToken cancellationToken)
    {
        switch (await flavor.ReadReplicaStatusAsync(session, cancellationToken))
        {
            case { ReceiverWaitsForSpace: true }:
                // Stopping it would wait as long as it does, and it would be stopped when there is room.
                throw Faults.Precondition(
                    $"{VolumeRoom.IsFullWords}: this slave waits for room for what it receives, and sees it within a minute "
                    + "once there is some.");
            case { Receiver: not "No" }:
                await session.ExecuteAsync("STOP REPLICA IO_THREAD", cancellationToken);
                break;
        }
    }
}
