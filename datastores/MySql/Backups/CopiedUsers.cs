using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>Users that the service kept where restored data was backed up: replication users, logins of the backup tool.</summary>
internal sealed class CopiedUsers(Flavor flavor, ServerConnections connections, MemberStore member)
{
    /// <summary>After a start: drops them, once. Nothing to do for data that was not restored.</summary>
    public async Task DropAsync(CancellationToken cancellationToken)
    {
        if (!member.State.HoldsCopies)
        {
            return;
        }

        await using var session = await connections.OpenAsync(cancellationToken);
        await flavor.LiftReadOnlyAsync(session, cancellationToken);
        await ReplicationUsers.SweepCopiesAsync(session, cancellationToken);
        await flavor.SetReadOnlyAsync(session, member.Change(state => state with { HoldsCopies = false }), cancellationToken);
    }
}
