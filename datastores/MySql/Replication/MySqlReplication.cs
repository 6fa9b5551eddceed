using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>The contract's verbs, each in a type of its own.</summary>
internal sealed class MySqlReplication(
    Snapshots snapshots,
    Attachment attachment,
    Detachment detachment,
    Demotion demotion,
    ReplicationUsers users,
    Positions positions,
    ReplicationState state) : IReplication
{
    public Task<SnapshotOffer> GetReplicationSnapshotAsync(GetReplicationSnapshot request, CancellationToken cancellationToken) =>
        snapshots.OfferAsync(request, cancellationToken);

    public Task CloseReplicationSnapshotAsync(string snapshotId, CancellationToken cancellationToken) =>
        snapshots.CloseAsync(snapshotId, cancellationToken);

    public Task AttachReplicationSlaveAsync(OpaqueDocument snapshot, CancellationToken cancellationToken) =>
        attachment.AttachAsync(snapshot, cancellationToken);

    public Task DetachReplicationSlaveAsync(DetachReason reason, CancellationToken cancellationToken) =>
        detachment.DetachAsync(reason, cancellationToken);

    public async Task ForgetReplicationSlaveAsync(string slaveId, CancellationToken cancellationToken)
    {
        await snapshots.CloseForAsync(slaveId, cancellationToken);
        await users.ForgetAsync(slaveId, cancellationToken);
    }

    public Task DemoteReplicationMasterAsync(CancellationToken cancellationToken) => demotion.DemoteAsync(cancellationToken);

    public Task SetWritableAsync(bool writable, CancellationToken cancellationToken) => state.SetWritableAsync(writable, cancellationToken);

    public Task<OpaqueDocument> GetPositionAsync(CancellationToken cancellationToken) => positions.GetAsync(cancellationToken);

    public Task StopReceivingAsync(CancellationToken cancellationToken) => state.StopReceivingAsync(cancellationToken);

    public Task WaitForAsync(OpaqueDocument token, TimeSpan timeout, CancellationToken cancellationToken) =>
        positions.WaitForAsync(token, timeout, cancellationToken);

    public Task<PositionComparison> CompareAsync(OpaqueDocument otherToken, CancellationToken cancellationToken) =>
        positions.CompareAsync(otherToken, cancellationToken);
}
