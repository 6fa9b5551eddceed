using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>
/// Where this server is, and how that stands to another's position. Positions of different epochs have nothing to do with each other.
/// </summary>
internal sealed class Positions(Flavor flavor, ServerConnections connections, MemberStore member)
{
    private const int Version = 1;

    public async Task<OpaqueDocument> GetAsync(CancellationToken cancellationToken)
    {
        await using var session = await connections.OpenAsync(cancellationToken);
        var token = await ReadAsync(session, cancellationToken);
        return Documents.Write(token, KindOf(flavor), Version, FamilyJson.Default.PositionToken);
    }

    public async Task WaitForAsync(OpaqueDocument document, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var token = Documents.Read(document, KindOf(flavor), Version, FamilyJson.Default.PositionToken);
        await using var session = await connections.OpenAsync(cancellationToken);
        if (token.Epoch is null || token.Epoch != member.State.Epoch)
        {
            throw Faults.Precondition("The position to wait for is of another epoch.");
        }

        if (!await flavor.Gtids.WaitAsync(session, token.Gtids, timeout, cancellationToken))
        {
            throw Faults.Transient($"The position was not reached within {timeout.TotalSeconds:0.#} s.");
        }
    }

    public async Task<PositionComparison> CompareAsync(OpaqueDocument document, CancellationToken cancellationToken)
    {
        var other = Documents.Read(document, KindOf(flavor), Version, FamilyJson.Default.PositionToken);
        await using var session = await connections.OpenAsync(cancellationToken);
        var mine = await ReadAsync(session, cancellationToken);
        return mine.Epoch is null || mine.Epoch != other.Epoch
            ? new PositionComparison.Diverged("The positions are of different periods of the log.")
            : await flavor.Gtids.CompareAsync(session, mine.Gtids, other.Gtids, cancellationToken);
    }

    private async Task<PositionToken> ReadAsync(Session session, CancellationToken cancellationToken)
    {
        var state = member.State;
        var gtids = await flavor.Gtids.ReadStateAsync(session, cancellationToken);

        // With the log off the server may know nothing of earlier GTIDs; a position never goes back.
        return new PositionToken(state.Epoch, state.Epoch is null ? flavor.Gtids.Merge(state.GtidFloor, gtids) : gtids);
    }

    private static string KindOf(Flavor flavor) => flavor.Name + ".position";
}
