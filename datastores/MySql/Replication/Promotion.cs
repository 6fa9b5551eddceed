using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>Slave: takes over from its master, and keeps the epoch, the log and the transactions.</summary>
internal sealed class Promotion(
    Flavor flavor,
    ServerConnections connections,
    MemberStore member,
    ServerRunner runner,
    Draining draining,
    Completeness completeness,
    OwnTransactions own,
    SlaveThreads threads)
{
    public async Task PromoteAsync(CancellationToken cancellationToken)
    {
        if (member.State.Following is { Fresh: true } source)
        {
            throw Faults.Precondition($"This instance has not followed its master {source.InstanceId} yet.");
        }

        // Also of one that follows nobody: an earlier call may have been cut off before its end.
        await runner.ConvergeAsync(cancellationToken);
        if (member.State.Following is null)
        {
            return;
        }

        await own.MendAsync(cancellationToken);
        await using (var session = await connections.OpenAsync(cancellationToken))
        {
            await draining.StopReceivingAndDrainAsync(session, cancellationToken);
            await completeness.CheckAsync(session, "promoted", cancellationToken);
            await CheckOwnAsync(session, cancellationToken);
            await session.ExecuteAsync("STOP REPLICA", cancellationToken);
        }

        // Until this is written it is a slave as before; from then on a master, whose engine forgets whom it followed (see SettleAsync).
        member.Change(state => state with { Following = null, Writable = true, HasTakenOver = true });
        await runner.ConvergeAsync(cancellationToken);
    }

    /// <summary>What it logged itself would be in its history as a master, and nobody knows what it is.</summary>
    private async Task CheckOwnAsync(Session session, CancellationToken cancellationToken)
    {
        if (own.Of(await flavor.ReadReplicaStatusAsync(session, cancellationToken)) is { } logged)
        {
            await threads.SetAsync(session, CancellationToken.None);
            throw Faults.Precondition($"This slave has transactions of its own ({logged}), which its master lacks: it cannot take over.");
        }
    }
}
