using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>Slave: follows the master from where its data stands.</summary>
internal sealed class Attachment(
    Flavor flavor,
    DatastoreHost host,
    ServerLayout layout,
    ServerConnections connections,
    MemberStore member,
    ServerRunner runner,
    ReplicationUsers users,
    Snapshots snapshots,
    Draining draining,
    OwnTransactions own,
    SlaveThreads threads)
{
    public async Task AttachAsync(OpaqueDocument document, CancellationToken cancellationToken)
    {
        var snapshot = SnapshotDocument.Parse(flavor, document);
        if (member.Settings is null)
        {
            throw Faults.Precondition("This instance was not prepared.");
        }

        await FollowAsync(snapshot, cancellationToken);
    }

    private async Task FollowAsync(SnapshotDocument snapshot, CancellationToken cancellationToken)
    {
        await runner.ConvergeAsync(cancellationToken);
        await using var session = await connections.OpenAsync(cancellationToken);
        await CheckEpochAsync(session, snapshot, cancellationToken);

        var before = member.State;
        var wanted = snapshot.ToSource();
        var isPointed = before.Following is { Configured: true } following && following.AsWished == wanted
            && await flavor.ReadReplicaStatusAsync(session, cancellationToken) is not null;
        if (!isPointed)
        {
            if (before.Following is not { Fresh: true } && before.Following?.AsWished != wanted)
            {
                await LeaveAsync(session, snapshot, cancellationToken);
            }

            // Fresh until the engine was told once: from then on the data is on its way, and is neither set back nor thrown away.
            var fresh = wanted with
            {
                Fresh = before.Following?.Fresh ?? false,
                LoadedGtid = before.Following?.LoadedGtid ?? "",
                Received = before.Following?.Received ?? "",

                // Nothing of another one either, until the engine was told.
                Unheard = true,
            };

            // An old master's own slaves are the new master's from now on; their users here go with the sweep.
            member.Change(state => state with
            {
                LogOn = true, Following = fresh, HasTakenOver = false, Slaves = new Dictionary<string, SlaveUser>(),
            });
            runner.WriteOptionFile();
            runner.EnsureFolders();
            await runner.SetRoleAsync(session, cancellationToken);
            await PointAsync(session, fresh, cancellationToken);
            var told = wanted with
            {
                Before = await flavor.Gtids.ReadStateAsync(session, cancellationToken),
                LogFrom = fresh.Fresh ? "" : await BeginLogFileAsync(session, cancellationToken),
            };
            member.Change(state => state with { Following = told with { Received = state.Following!.Received } });
        }
        else if (before.Following!.Unheard)
        {
            member.Change(state => state with { Following = state.Following! with { Unheard = false } });
        }

        await threads.SetAsync(session, cancellationToken);
        await BothThreadsRunAsync(session, wanted, cancellationToken);
        member.Change(state => state with { Following = state.Following! with { Configured = true } });
        await runner.SetRoleAsync(session, cancellationToken);
    }

    /// <summary>
    /// Data that has a history of its own so far, of a slave of somebody else or of an old master: it is a part of the new master's, or
    /// nothing is changed.
    /// </summary>
    private async Task LeaveAsync(Session session, SnapshotDocument snapshot, CancellationToken cancellationToken)
    {
        await own.MendAsync(cancellationToken);
        var follows = await flavor.ReadReplicaStatusAsync(session, cancellationToken) is not null;
        if (follows)
        {
            await draining.StopReceivingAndDrainAsync(session, cancellationToken);
        }

        // Of a document with data the position is a lower bound, and what a slave has beyond it may be the master's.
        if (snapshot.HasData && follows)
        {
            return;
        }

        var mine = await flavor.Gtids.ReadStateAsync(session, cancellationToken);
        if (await flavor.Gtids.MissingAsync(session, snapshot.BinlogPosition.State, mine, cancellationToken) is { Length: > 0 } more)
        {
            if (follows)
            {
                await threads.SetAsync(session, CancellationToken.None);
            }

            throw Faults.Precondition(
                $"This instance has transactions that {snapshot.Master.InstanceId} lacks ({more}): it cannot follow without losing them.");
        }

        await snapshots.CloseAllAsync(cancellationToken);
    }

    /// <summary>The data must be of the log's present period: rows from a time without a log are in no log.</summary>
    private async Task CheckEpochAsync(Session session, SnapshotDocument snapshot, CancellationToken cancellationToken)
    {
        var epoch = await EpochMark.ReadAsync(session, cancellationToken);
        if (epoch == snapshot.Epoch)
        {
            return;
        }

        if (member.State.Following is { Fresh: true, Configured: false }
            && await flavor.ReadReplicaStatusAsync(session, cancellationToken) is null)
        {
            // Loaded a moment ago from another period than it was asked for, and never followed: so the next attempt loads anew.
            await runner.StopAsync(cancellationToken);
            OwnedFolder.Remove(layout.Data);
            member.Change(state => state with { Following = null, Epoch = null });
        }

        throw Faults.Precondition(
            "The data of this instance is from another period of the master's binary log: rows written while the log was off "
                + "would be missing. "
            + "Create a new slave instead.");
    }

    private async Task PointAsync(Session session, Source source, CancellationToken cancellationToken)
    {
        await flavor.LiftReadOnlyAsync(session, cancellationToken);
        var status = await flavor.ReadReplicaStatusAsync(session, cancellationToken);
        if (source.Fresh && status is not null)
        {
            // Data from a backup that was taken on another slave says whom that followed.
            await session.ExecuteAsync("STOP REPLICA", cancellationToken);
            await session.ExecuteAsync("RESET REPLICA ALL", cancellationToken);
            status = null;
        }

        if (status is not null)
        {
            // Naming a source throws away what was received and not yet applied.
            await draining.StopReceivingAndDrainAsync(session, cancellationToken);
            await session.ExecuteAsync("STOP REPLICA", cancellationToken);
        }
        else if (source.Fresh)
        {
            await flavor.SetLoadedPositionAsync(session, source.LoadedGtid, cancellationToken);
        }

        await ReplicationUsers.SweepCopiesAsync(session, cancellationToken);
        await users.EndAllConnectionsAsync(session, cancellationToken);
        await session.ExecuteAsync(
            flavor.ChangeSource(source, layout.MasterCertificate, wasMaster: status is null && !source.Fresh), cancellationToken);
    }

    private static async Task<string> BeginLogFileAsync(Session session, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("FLUSH BINARY LOGS", cancellationToken);
        return (await session.TextsAsync("SHOW BINARY LOGS", cancellationToken))[^1];
    }

    private async Task BothThreadsRunAsync(Session session, Source source, CancellationToken cancellationToken)
    {
        var patience = TimeSpan.FromSeconds(30);
        var started = host.Time.GetTimestamp();
        while (true)
        {
            var status = await flavor.ReadReplicaStatusAsync(session, cancellationToken)
                ?? throw Faults.Permanent("The server forgot whom it follows.");
            if (status is { Receiving: true, Applying: true })
            {
                return;
            }

            if (status.IsToBeStarted)
            {
                await threads.SetAsync(session, cancellationToken);
            }

            if (status is { Applying: false, ApplierErrorNumber: not 0 })
            {
                throw Faults.Permanent($"The slave cannot apply what its master sends: {status.ApplierError}");
            }

            if (status is { Receiver: "No", ReceiverErrorNumber: not 0 })
            {
                throw Faults.Permanent($"The slave cannot read from its master {source}: {status.ReceiverError}");
            }

            if (host.Time.GetElapsedTime(started) > patience)
            {
                throw Faults.Transient(
                    $"The slave does not follow {source} after {patience.TotalSeconds:0} s "
                    + $"(receiving: {status.Receiver}, applying: {status.Applier}). {status.LastError}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), host.Time, cancellationToken);
        }
    }
}
