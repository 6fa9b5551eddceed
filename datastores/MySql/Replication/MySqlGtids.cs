using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>MySQL knows sets of GTIDs; the arithmetic is the server's.</summary>
internal sealed class MySqlGtids : IGtids
{
    public async Task<string> ReadStateAsync(Session session, CancellationToken cancellationToken) =>
        GtidSet.Parse(await session.TextAsync("SELECT @@GLOBAL.gtid_executed", cancellationToken) ?? "").ToString();

    public string Merge(string one, string other) => GtidSet.Parse(one).Union(GtidSet.Parse(other)).ToString();

    public bool Covers(string applied, string received) => GtidSet.Parse(applied).Covers(GtidSet.Parse(received));

    public async Task<string> MissingAsync(Session session, string mine, string other, CancellationToken cancellationToken) =>
        (await SubtractAsync(session, other, mine, cancellationToken)).ToString();

    public async Task<PositionComparison> CompareAsync(Session session, string mine, string other, CancellationToken cancellationToken)
    {
        var onlyHere = await SubtractAsync(session, mine, other, cancellationToken);
        var onlyThere = await SubtractAsync(session, other, mine, cancellationToken);
        return (onlyHere.Count, onlyThere.Count) switch
        {
            (0, 0) => new PositionComparison.Equal(),
            (0, var count) => new PositionComparison.Behind(count),
            (var count, 0) => new PositionComparison.Ahead(count),
            _ => new PositionComparison.Diverged($"only here: {onlyHere}; only there: {onlyThere}"),
        };
    }

    public async Task<bool> WaitAsync(Session session, string state, TimeSpan patience, CancellationToken cancellationToken) =>
        await session.WaitAsync("SELECT WAIT_FOR_EXECUTED_GTID_SET(@position, @seconds)", state, patience, cancellationToken) == 0;

    private static async Task<GtidSet> SubtractAsync(Session session, string from, string what, CancellationToken cancellationToken) =>
        GtidSet.Parse(
            await session.TextAsync("SELECT GTID_SUBTRACT(@from, @what)", cancellationToken, ("from", from), ("what", what)) ?? "");
}
