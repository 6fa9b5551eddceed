using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol;

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

        if (member.State.Following is null)
        {
            // An earlier call may have been cut off before its end.
            await ServeAsync(cancellationToken);
            return;
        }

        await runner.ConvergeAsync(cancellationToken);
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
        await ServeAsync(cancellationToken);
    }

    /// <summary>
    /// From now on no fault is one for good: whoever hears that takes it for a slave as before, and lets its former master write.
    /// </summary>
    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await runner.ConvergeAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException and not DatastoreException { Kind: FaultKind.Transient })
        {
            throw Faults.Transient(e is DatastoreException ? e.Message : "It is the master, and cannot be made to serve yet.", e);
        }
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
