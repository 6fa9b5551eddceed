using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>Applying what was received, before anything that throws the relay log away.</summary>
internal sealed class Draining(Flavor flavor, VolumeRoom room, ReceivedMark received, SlaveThreads threads, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The engine waits for room without saying so in its status, and looks once a minute.</summary>
    private static readonly TimeSpan PatienceWithoutRoom = TimeSpan.FromSeconds(20);

    public async Task StopReceivingAndDrainAsync(Session session, CancellationToken cancellationToken)
    {
        await threads.StopReceivingAsync(session, cancellationToken);
        try
        {
            received.Note(await flavor.ReadReplicaStatusAsync(session, cancellationToken));
            await DrainAsync(session, cancellationToken);
        }
        catch
        {
            // It stays a slave, so it goes on receiving, if it is to.
            await threads.SetAsync(session, CancellationToken.None);
            throw;
        }
    }

    private async Task DrainAsync(Session session, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (await flavor.ReadReplicaStatusAsync(session, cancellationToken) is { } status && !flavor.IsDrained(status))
        {
            if (!status.Applying)
            {
                if (status.EndedForSpace)
                {
                    throw Faults.Precondition(
                        $"{VolumeRoom.IsFullWords}: what this slave received is applied once there is room. {status.ApplierError}");
                }

                if (status.ApplierErrorNumber != 0)
                {
                    throw Faults.Precondition($"What this slave received cannot be applied: {status.ApplierError}");
                }

                await threads.SetAsync(session, cancellationToken);
                await threads.StopReceivingAsync(session, cancellationToken);
            }

            var patience = room.IsFull ? PatienceWithoutRoom : Patience;
            if (time.GetElapsedTime(started) > patience)
            {
                throw Faults.Transient($"What this slave received was not applied within {patience.TotalSeconds:0} s; try again.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }
    }
}
