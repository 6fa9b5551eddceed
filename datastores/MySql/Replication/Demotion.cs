using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>Master: back to the state before replication.</summary>
internal sealed class Demotion(
    Flavor flavor, ServerConnections connections, MemberStore member, ServerRunner runner, ReplicationUsers users, Snapshots snapshots)
{
    public async Task DemoteAsync(CancellationToken cancellationToken)
    {
        var state = member.State;
        if (state.Following is { } source)
        {
            throw Faults.Precondition($"This instance is a slave of {source.InstanceId}, not a master.");
        }

        if (state.Slaves.Count > 0)
        {
            throw Faults.Precondition($"This master still keeps a replication user for {string.Join(", ", state.Slaves.Keys)}.");
        }

        await snapshots.CloseAllAsync(cancellationToken);
        if (state.LogOn && !member.Settings!.LogAlways)
        {
            await runner.ConvergeAsync(cancellationToken);
            await using var session = await connections.OpenAsync(cancellationToken);
            foreach (var user in await ReplicationUsers.ListAsync(session, cancellationToken))
            {
                // Nobody's: of a set that this server was a slave of.
                await users.DropAsync(user, cancellationToken);
            }

            var floor = await flavor.Gtids.ReadStateAsync(session, cancellationToken);
            member.Change(now => now with
            {
                LogOn = false, Epoch = null, EpochMarked = false, GtidFloor = flavor.Gtids.Merge(now.GtidFloor, floor),
            });
        }

        await runner.ConvergeAsync(cancellationToken);
    }
}
