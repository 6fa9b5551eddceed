using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>The contract's verbs, each in a type of its own. What changes the server takes its turn, but for the job of loading.</summary>
internal sealed class MySqlReplication(
    Turns turns,
    Snapshots snapshots,
    SnapshotLoad load,
    Attachment attachment,
    Detachment detachment,
    Demotion demotion,
    ReplicationUsers users,
    Positions positions,
    ReplicationState state,
    WriteStop stop,
    Promotion promotion,
    FollowingOffers offers,
    Hearing hearing) : IReplication
{
    public Task<SnapshotOffer> GetReplicationSnapshotAsync(GetReplicationSnapshot request, CancellationToken cancellationToken) =>
        turns.CallAsync(() => snapshots.OfferAsync(request, cancellationToken));

    public Task CloseReplicationSnapshotAsync(string snapshotId, CancellationToken cancellationToken) =>
        turns.CallAsync(() => snapshots.CloseAsync(snapshotId, cancellationToken));

    public Task LoadReplicationSnapshotAsync(
        OpaqueDocument snapshot, IReadOnlyList<StoredBackup> backups, IJobProgress progress, CancellationToken cancellationToken) =>
        load.LoadAsync(snapshot, backups, progress, cancellationToken);

    public Task AttachReplicationSlaveAsync(OpaqueDocument snapshot, CancellationToken cancellationToken) =>
        turns.CallAsync(() => attachment.AttachAsync(snapshot, cancellationToken));

    public Task DetachReplicationSlaveAsync(DetachReason reason, CancellationToken cancellationToken) =>
        turns.CallAsync(() => detachment.DetachAsync(reason, cancellationToken));

    public Task ForgetReplicationSlaveAsync(string slaveId, CancellationToken cancellationToken) => turns.CallAsync(async () =>
    {
        await snapshots.CloseForAsync(slaveId, cancellationToken);
        await users.ForgetAsync(slaveId, cancellationToken);
    });

    public Task DemoteReplicationMasterAsync(CancellationToken cancellationToken) =>
        turns.CallAsync(() => demotion.DemoteAsync(cancellationToken));

    public Task SetWritableAsync(bool writable, CancellationToken cancellationToken) =>
        turns.CallAsync(() => state.SetWritableAsync(writable, cancellationToken));

    public Task<OpaqueDocument> StopWritesAsync(TimeSpan grace, CancellationToken cancellationToken) =>
        turns.CallAsync(() => stop.StopAsync(grace, cancellationToken));

    public Task PromoteReplicationSlaveAsync(CancellationToken cancellationToken) =>
        turns.CallAsync(() => promotion.PromoteAsync(cancellationToken));

    public Task<OpaqueDocument> OfferFollowingAsync(string slaveId, string slaveAddress, CancellationToken cancellationToken) =>
        turns.CallAsync(() => offers.OfferAsync(slaveId, slaveAddress, cancellationToken));

    public Task<OpaqueDocument> GetPositionAsync(CancellationToken cancellationToken) => positions.GetAsync(cancellationToken);

    public Task<OpaqueDocument> StopReceivingAsync(CancellationToken cancellationToken) =>
        turns.CallAsync(() => hearing.StopAsync(cancellationToken));

    public Task ResumeReceivingAsync(CancellationToken cancellationToken) =>
        turns.CallAsync(() => hearing.ResumeAsync(cancellationToken));

    public Task WaitForAsync(OpaqueDocument token, TimeSpan timeout, CancellationToken cancellationToken) =>
        positions.WaitForAsync(token, timeout, cancellationToken);

    public Task<PositionComparison> CompareAsync(OpaqueDocument otherToken, CancellationToken cancellationToken) =>
        positions.CompareAsync(otherToken, cancellationToken);
}
