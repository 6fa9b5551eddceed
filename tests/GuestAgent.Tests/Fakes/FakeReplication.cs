using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Tests.Fakes;

/// <summary>A slave's replication that notes its calls.</summary>
internal sealed class FakeReplication(FakeDatastore datastore) : IReplication
{
    public const int Expected = 1000;
    public const int Half = 500;

    public static readonly OpaqueDocument Position = new("position", 1, Array.Empty<byte>());

    /// <summary>How it stands to whatever it is compared with.</summary>
    public PositionComparison Comparison { get; set; } = new PositionComparison.Equal();

    public Task<SnapshotOffer> GetReplicationSnapshotAsync(GetReplicationSnapshot request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task CloseReplicationSnapshotAsync(string snapshotId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public async Task LoadReplicationSnapshotAsync(
        OpaqueDocument snapshot, IReadOnlyList<StoredBackup> backups, IJobProgress progress, CancellationToken cancellationToken)
    {
        progress.Expect(Expected);
        progress.Advance(Half);
        await datastore.CallAsync("load", cancellationToken);
    }

    public Task AttachReplicationSlaveAsync(OpaqueDocument snapshot, CancellationToken cancellationToken) =>
        datastore.CallAsync("attach", cancellationToken);

    public Task DetachReplicationSlaveAsync(DetachReason reason, CancellationToken cancellationToken) =>
        datastore.CallAsync("detach", cancellationToken);

    public Task ForgetReplicationSlaveAsync(string slaveId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task DemoteReplicationMasterAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetWritableAsync(bool writable, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async Task<OpaqueDocument> StopWritesAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        await datastore.CallAsync($"stop writes {grace.TotalSeconds:0}", cancellationToken);
        return Position;
    }

    public Task PromoteReplicationSlaveAsync(CancellationToken cancellationToken) => datastore.CallAsync("promote", cancellationToken);

    public async Task<OpaqueDocument> OfferFollowingAsync(string slaveId, string slaveAddress, CancellationToken cancellationToken)
    {
        await datastore.CallAsync($"offer following to {slaveId} at {slaveAddress}", cancellationToken);
        return new OpaqueDocument("offer", 1, Array.Empty<byte>());
    }

    public Task<OpaqueDocument> GetPositionAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public async Task<OpaqueDocument> StopReceivingAsync(CancellationToken cancellationToken)
    {
        await datastore.CallAsync("stop receiving", cancellationToken);
        return Position;
    }

    public Task ResumeReceivingAsync(CancellationToken cancellationToken) => datastore.CallAsync("resume receiving", cancellationToken);

    public Task WaitForAsync(OpaqueDocument token, TimeSpan timeout, CancellationToken cancellationToken) =>
        datastore.CallAsync($"wait {timeout.TotalSeconds:0} for {token.Kind}", cancellationToken);

    public async Task<PositionComparison> CompareAsync(OpaqueDocument otherToken, CancellationToken cancellationToken)
    {
        await datastore.CallAsync($"compare with {otherToken.Kind}", cancellationToken);
        return Comparison;
    }
}
