using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>Setting what a server is in its set.</summary>
internal sealed class ReplicationState(ServerConnections connections, MemberStore member, ServerRunner runner)
{
    public async Task SetWritableAsync(bool writable, CancellationToken cancellationToken)
    {
        if (writable && member.State.Following is { } source)
        {
            throw Faults.Precondition($"This instance is a slave of {source.InstanceId}: ordinary clients write there.");
        }

        member.Change(state => state with { Writable = writable });
        await runner.ConvergeAsync(cancellationToken);
        if (writable)
        {
            await using var session = await connections.OpenAsync(cancellationToken);
            await EventsOfTheMaster.ForgetAsync(session, cancellationToken);
        }
    }
}
