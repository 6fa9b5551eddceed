using System.Text.Json;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>Where this server is, and how that stands to another's position. Positions of different epochs have nothing to do with each other.</summary>
internal sealed class Positions(Flavor flavor, DatastoreHost host, ServerConnections connections, MemberStore member)
{
    private const int Version = 1;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    /// <summary>The content of a token.</summary>
    /// <param name="Epoch">Null: the log is off.</param>
    /// <param name="Gtids">Everything logged and applied.</param>
    internal sealed record Token(string? Epoch, string Gtids);

    public async Task<OpaqueDocument> GetAsync(CancellationToken cancellationToken)
    {
        await using var session = await connections.OpenAsync(cancellationToken);
        var token = await ReadAsync(session, cancellationToken);
        return new OpaqueDocument(KindOf(flavor), Version, JsonSerializer.SerializeToUtf8Bytes(token, ProtocolJson.Options));
    }

    public async Task WaitForAsync(OpaqueDocument document, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var token = Documents.Read<Token>(document, KindOf(flavor), Version);
        await using var session = await connections.OpenAsync(cancellationToken);
        if (token.Epoch is null || token.Epoch != member.State.Epoch)
        {
            throw Faults.Precondition("The position to wait for is of another epoch.");
        }

        var started = host.Time.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var left = timeout - host.Time.GetElapsedTime(started);
            var slice = left < Slice ? left : Slice;
            if (await flavor.Gtids.WaitAsync(session, token.Gtids, slice > TimeSpan.Zero ? slice : TimeSpan.FromMilliseconds(1), cancellationToken))
            {
                return;
            }

            if (left <= TimeSpan.Zero)
            {
                throw Faults.Transient($"The position was not reached within {timeout.TotalSeconds:0.#} s.");
            }
        }
    }

    public async Task<PositionComparison> CompareAsync(OpaqueDocument document, CancellationToken cancellationToken)
    {
        var other = Documents.Read<Token>(document, KindOf(flavor), Version);
        await using var session = await connections.OpenAsync(cancellationToken);
        var mine = await ReadAsync(session, cancellationToken);
        return mine.Epoch is null || mine.Epoch != other.Epoch
            ? new PositionComparison.Diverged("The positions are of different periods of the log.")
            : await flavor.Gtids.CompareAsync(session, mine.Gtids, other.Gtids, cancellationToken);
    }

    private async Task<Token> ReadAsync(Session session, CancellationToken cancellationToken)
    {
        var state = member.State;
        var gtids = await flavor.Gtids.ReadStateAsync(session, cancellationToken);

        // With the log off the server may know nothing of earlier GTIDs; a position never goes back.
        return new Token(state.Epoch, state.Epoch is null ? flavor.Gtids.Merge(state.GtidFloor, gtids) : gtids);
    }

    private static string KindOf(Flavor flavor) => flavor.Name + ".position";
}
