using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Encryption;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>Master: lets those follow that have the set's data already.</summary>
internal sealed class FollowingOffers(
    Flavor flavor,
    DatastoreHost host,
    ServerConnections connections,
    MemberStore member,
    ServerRunner runner,
    ReplicationUsers users,
    Certificates certificates)
{
    public async Task<OpaqueDocument> OfferAsync(string slaveId, string slaveAddress, CancellationToken cancellationToken)
    {
        var state = member.State;
        if (state.Following is { } source)
        {
            throw Faults.Precondition($"This instance is a slave of {source.InstanceId}; a slave cannot have slaves.");
        }

        if (state is not { LogOn: true, Epoch: { } epoch })
        {
            throw Faults.Precondition("The binary log of this instance is off: nobody has its data, and could follow from there.");
        }

        await runner.ConvergeAsync(cancellationToken);
        var user = await users.EnsureAsync(slaveId, slaveAddress, cancellationToken);
        await using var session = await connections.OpenAsync(cancellationToken);
        var position = await flavor.ReadPositionAsync(session, cancellationToken);
        return new SnapshotDocument
        {
            Master = new(host.Address, host.Port, host.InstanceId, certificates.Own),
            Dataset = new(
                flavor.Name, member.Settings!.DatastoreVersion, DatasetSize: 0, DatasetBytes: 0, SnapshotHref: "",
                SnapshotDocument.WithoutData, Token: null, Reader: null),
            BinlogPosition = new(position.File, position.Offset, position.Gtid, position.State),
            Epoch = epoch,
            ReplicationUser = new(user.User, user.Password),
            Shape = await DataShape.ReadAsync(session, cancellationToken),
            SlaveId = slaveId,
        }.ToDocument(flavor);
    }
}
