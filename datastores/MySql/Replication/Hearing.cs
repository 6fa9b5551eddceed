using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>Slave: receives nothing from a master that is not to be heard any more, or hears it again.</summary>
internal sealed class Hearing(
    ServerConnections connections, MemberStore member, ServerRunner runner, Draining draining, Positions positions)
{
    /// <returns>All that it has.</returns>
    public async Task<OpaqueDocument> StopAsync(CancellationToken cancellationToken)
    {
        if (member.State.Following is not null)
        {
            // First the record, so that nobody starts what is stopped.
            Set(unheard: true);
            await runner.ConvergeAsync(cancellationToken);
            await using var session = await connections.OpenAsync(cancellationToken);
            await draining.StopReceivingAndDrainAsync(session, cancellationToken);
        }

        return await positions.GetAsync(cancellationToken);
    }

    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        if (member.State.Following is not null)
        {
            Set(unheard: false);
            await runner.ConvergeAsync(cancellationToken);
        }
    }

    private void Set(bool unheard)
    {
        if (member.State.Following!.Unheard != unheard)
        {
            member.Change(state => state with { Following = state.Following! with { Unheard = unheard } });
        }
    }
}
