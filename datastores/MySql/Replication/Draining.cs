using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>Applying what was received, before anything that throws the relay log away.</summary>
internal static class Draining
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task StopReceivingAndDrainAsync(
        Flavor flavor,
        ReceivedMark received,
        Session session,
        ServerLayout layout,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (await flavor.ReadReplicaStatusAsync(session, cancellationToken) is { ReceiverWaitsForSpace: true })
        {
            // Stopping it would wait as long as it does, and it would be stopped when there is room.
            throw Faults.Precondition(
                $"{VolumeRoom.IsFullWords}: this slave waits for room for what it receives, and sees it within a minute "
                + "once there is some.");
        }

        await session.ExecuteAsync("STOP REPLICA IO_THREAD", cancellationToken);
        try
        {
            received.Note(await flavor.ReadReplicaStatusAsync(session, cancellationToken));
            await DrainAsync(flavor, session, layout, time, cancellationToken);
        }
        catch
        {
            // It stays a slave, so it goes on receiving.
            await flavor.FollowAsync(session, layout, CancellationToken.None);
            throw;
        }
    }

    private static async Task DrainAsync(
        Flavor flavor, Session session, ServerLayout layout, TimeProvider time, CancellationToken cancellationToken)
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

                await flavor.FollowAsync(session, layout, cancellationToken);
                await session.ExecuteAsync("STOP REPLICA IO_THREAD", cancellationToken);
            }

            if (time.GetElapsedTime(started) > Patience)
            {
                throw Faults.Transient($"What this slave received was not applied within {Patience.TotalSeconds:0} s; try again.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }
    }
}
