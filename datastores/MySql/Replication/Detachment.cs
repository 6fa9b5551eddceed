using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>Slave: stops following.</summary>
internal sealed class Detachment(
    Flavor flavor,
    DatastoreHost host,
    ServerConnections connections,
    MemberStore member,
    ServerRunner runner,
    RandomSource random,
    Draining draining,
    Completeness completeness)
{
    public async Task DetachAsync(DetachReason reason, CancellationToken cancellationToken)
    {
        var state = member.State;
        if (state.Following is null)
        {
            // An earlier call may have been cut off before its end.
            if (reason is not DetachReason.Deleted && member.Settings is not null)
            {
                await runner.ConvergeAsync(cancellationToken);
            }

            return;
        }

        if (reason is DetachReason.Deleted)
        {
            await StopFollowingAsync(cancellationToken);
            member.Change(now => now with { Following = null });
            return;
        }

        await runner.ConvergeAsync(cancellationToken);
        await using (var session = await connections.OpenAsync(cancellationToken))
        {
            await draining.StopReceivingAndDrainAsync(session, cancellationToken);
            await completeness.CheckAsync(session, "detached", cancellationToken);
            await session.ExecuteAsync("STOP REPLICA", cancellationToken);
            var floor = await flavor.Gtids.ReadStateAsync(session, cancellationToken);

            // From here on it has a history of its own: the state before replication, or with the log always on a new epoch. The engine
            // forgets whom it followed after that (see SettleAsync): should this not be written, it is a slave as before.
            var always = member.Settings!.LogAlways;
            member.State = state with
            {
                Following = null,
                Writable = true,
                LogOn = always,
                Epoch = always ? random.NewId() : null,
                EpochMarked = false,
                HasParted = true,
                GtidFloor = flavor.Gtids.Merge(state.GtidFloor, floor),
            };
        }

        await runner.ConvergeAsync(cancellationToken);
    }

    /// <summary>It will be deleted, so nothing else matters: a server that does not answer is stopped instead.</summary>
    private async Task StopFollowingAsync(CancellationToken cancellationToken)
    {
        if (runner.State is not SupervisedState.Running)
        {
            return;
        }

        try
        {
            await using var session = await connections.OpenImpatientAsync(TimeSpan.FromSeconds(10), cancellationToken);
            await session.ExecuteAsync("STOP REPLICA", cancellationToken);
            await session.ExecuteAsync("RESET REPLICA ALL", cancellationToken);
        }
        catch (DatastoreException e)
        {
            host.Log($"The server is stopped, for it does not stop following: {e.Message}");
            await host.Supervisor.StopAsync(TimeSpan.FromSeconds(10), cancellationToken);
        }
    }
}
