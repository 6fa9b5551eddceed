using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>
/// What a slave that lags is known to have received, in its record: what the engine knows of it goes with the relay log, and then nothing
/// received looks like everything applied.
/// </summary>
internal sealed class ReceivedMark(Flavor flavor, MemberStore member, TimeProvider time)
{
    /// <summary>Of a slave that lags for hours the record is not written at each look.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>What the last look saw as received and not applied; empty: nothing.</summary>
    private string _waiting = "";
    private long? _notedAt;

    /// <summary>
    /// After a look: it lags, and the record does not know by what. Not a slave that has applied by the next look what it received by the
    /// last one: without lag nothing is ever written.
    /// </summary>
    public bool IsToBeNoted(ReplicaStatus? status)
    {
        if (status is null || flavor.Gtids.Covers(status.Applied, status.Received))
        {
            _waiting = "";
            return false;
        }

        var lags = _waiting.Length > 0 && !flavor.Gtids.Covers(status.Applied, _waiting);
        if (!lags)
        {
            _waiting = status.Received;
            return false;
        }

        return (_notedAt is not { } at || time.GetElapsedTime(at) >= Pause) && IsNew(status);
    }

    /// <summary>Writes it down, unless all of it is applied or known.</summary>
    public void Note(ReplicaStatus? status)
    {
        if (IsNew(status))
        {
            member.Change(state => state with
            {
                Following = state.Following! with { Received = flavor.Gtids.Merge(state.Following.Received, status!.Received) },
            });
            _waiting = "";
            _notedAt = time.GetTimestamp();
        }
    }

    /// <summary>What it is known to have received, and has not; empty: it has all.</summary>
    public async Task<string> ReadMissingAsync(Session session, CancellationToken cancellationToken) =>
        member.State.Following is { Received.Length: > 0 } source
            ? await flavor.Gtids.MissingAsync(
                session, await flavor.Gtids.ReadStateAsync(session, cancellationToken), source.Received, cancellationToken)
            : "";

    private bool IsNew(ReplicaStatus? status) =>
        status is not null && member.State.Following is { } source && !flavor.Gtids.Covers(status.Applied, status.Received)
        && flavor.Gtids.Merge(source.Received, status.Received) != source.Received;
}
