using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Encryption;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>Master: offers what a slave starts from.</summary>
internal sealed class Snapshots(
    Flavor flavor,
    DatastoreHost host,
    ServerLayout layout,
    ServerConnections connections,
    MemberStore member,
    ServerRunner runner,
    ReplicationUsers users,
    IDataTransfer transfer,
    IBackedUpData backups,
    Certificates certificates,
    RandomSource random)
{
    /// <summary>Turns the log on, keeps a user for the slave, and lets it read.</summary>
    public async Task<SnapshotOffer> OfferAsync(GetReplicationSnapshot request, CancellationToken cancellationToken)
    {
        var state = member.State;
        if (state.Following is { } source)
        {
            throw Faults.Precondition($"This instance is a slave of {source.InstanceId}; a slave cannot have slaves.");
        }

        if (!state.LogOn)
        {
            member.State = state with { LogOn = true, Epoch = random.NewId(), EpochMarked = false };
        }

        await runner.ConvergeAsync(cancellationToken);
        if (!await transfer.CanOfferAsync(cancellationToken))
        {
            await runner.RestartAsync(() => { }, cancellationToken);
        }

        await CheckAllIsCopiedAsync(cancellationToken);
        var user = await users.EnsureAsync(request.SlaveId, request.SlaveAddress, cancellationToken);
        var snapshot = await RememberAsync(request, cancellationToken);
        if (snapshot.Reader is { } reader)
        {
            await users.EnsureAsync(reader, "BACKUP_ADMIN", cancellationToken);
        }

        var (href, token) = snapshot.BackupId is { } backup
            ? ($"{SnapshotDocument.BackedUp}:{backup}", null)
            : await transfer.OfferAsync(request.SnapshotId, snapshot, cancellationToken);
        var document = (Describe(snapshot, user, href, token) with { Shape = await ReadShapeAsync(cancellationToken) }).ToDocument(flavor);
        return new SnapshotOffer(document, snapshot.DatasetBytes, snapshot.BackupId);
    }

    /// <summary>Nobody reads this one any more.</summary>
    public async Task CloseAsync(string snapshotId, CancellationToken cancellationToken)
    {
        member.State.Snapshots.TryGetValue(snapshotId, out var snapshot);
        await transfer.CloseAsync(snapshotId, snapshot, cancellationToken);
        member.Change(state => state with { Snapshots = state.Snapshots.Where(pair => pair.Key != snapshotId).ToDictionary() });
    }

    /// <summary>Nobody reads any of them any more.</summary>
    public async Task CloseAllAsync(CancellationToken cancellationToken)
    {
        foreach (var snapshotId in member.State.Snapshots.Keys)
        {
            await CloseAsync(snapshotId, cancellationToken);
        }
    }

    /// <summary>None for this slave any more.</summary>
    public async Task CloseForAsync(string slaveId, CancellationToken cancellationToken)
    {
        foreach (var (snapshotId, _) in member.State.Snapshots.Where(pair => pair.Value.SlaveId == slaveId).ToList())
        {
            await CloseAsync(snapshotId, cancellationToken);
        }
    }

    /// <summary>Nobody reads any more what was on offer for long enough.</summary>
    public async Task CloseExpiredAsync(CancellationToken cancellationToken)
    {
        var now = host.Time.GetUtcNow();
        foreach (var (snapshotId, _) in member.State.Snapshots.Where(pair => pair.Value.OpenUntil <= now).ToList())
        {
            await CloseAsync(snapshotId, cancellationToken);
        }
    }

    /// <summary>A new agent process: offers again what was on offer.</summary>
    public async Task ReopenAsync(CancellationToken cancellationToken)
    {
        await CloseExpiredAsync(cancellationToken);
        foreach (var (snapshotId, snapshot) in member.State.Snapshots.Where(pair => pair.Value.BackupId is null))
        {
            await transfer.OfferAsync(snapshotId, snapshot, cancellationToken);
        }
    }

    private async Task CheckAllIsCopiedAsync(CancellationToken cancellationToken)
    {
        await using var session = await connections.OpenAsync(cancellationToken);
        await CopiedTables.CheckAsync(flavor, session, "to a slave", cancellationToken);
    }

    private async Task<OpenSnapshot> RememberAsync(GetReplicationSnapshot request, CancellationToken cancellationToken)
    {
        // A backup that is not named any more was of no use.
        if (member.State.Snapshots.TryGetValue(request.SnapshotId, out var known)
            && (known.BackupId is not { } before || request.Backups.Any(candidate => candidate.BackupId == before)))
        {
            return known;
        }

        var datasetBytes = OwnedFolder.SizeOf(layout.Data);
        var backup = await backups.ChooseAsync(request.Backups, datasetBytes, cancellationToken);

        await using var session = await connections.OpenAsync(cancellationToken);
        var snapshot = new OpenSnapshot
        {
            SlaveId = request.SlaveId,
            SlaveAddress = request.SlaveAddress,
            OpenUntil = host.Time.GetUtcNow() + TimeSpan.FromSeconds(request.OfferSeconds),
            DatasetBytes = datasetBytes,
            Position = backup?.Position ?? await flavor.ReadPositionAsync(session, cancellationToken),
            Group = request.Group,
            BackupId = backup?.BackupId,
            Reader = backup is null && transfer.NeedsReader
                ? new SlaveUser(
                    ReplicationUsers.NewReaderName(random),
                    ReplicationUsers.HostPatternFor(request.SlaveAddress),
                    random.NewPassword())
                : null,
        };
        member.Change(state => state with
        {
            Snapshots = new Dictionary<string, OpenSnapshot>(state.Snapshots) { [request.SnapshotId] = snapshot },
        });
        return snapshot;
    }

    private async Task<IReadOnlyDictionary<string, string>> ReadShapeAsync(CancellationToken cancellationToken)
    {
        await using var session = await connections.OpenAsync(cancellationToken);
        return await DataShape.ReadAsync(session, cancellationToken);
    }

    private SnapshotDocument Describe(OpenSnapshot snapshot, SlaveUser user, string href, string? token) => new()
    {
        Master = new(host.Address, host.Port, host.InstanceId, certificates.Own),
        Dataset = new(
            flavor.Name,
            member.Settings!.DatastoreVersion,
            Math.Round(snapshot.DatasetBytes / (1024.0 * 1024 * 1024), 3),
            snapshot.DatasetBytes,
            href,
            snapshot.BackupId is null ? transfer.Format : SnapshotDocument.BackedUp,
            token,
            snapshot.Reader is { } reader ? new(reader.User, reader.Password) : null),
        BinlogPosition = new(snapshot.Position.File, snapshot.Position.Offset, snapshot.Position.Gtid, snapshot.Position.State),
        Epoch = member.State.Epoch!,
        ReplicationUser = new(user.User, user.Password),
        SlaveId = snapshot.SlaveId,
        BackupId = snapshot.BackupId,
    };
}
