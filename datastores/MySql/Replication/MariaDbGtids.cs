using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>MariaDB has no subtraction of GTID sets; the state of each server is compared instead.</summary>
internal sealed class MariaDbGtids : IGtids
{
    public async Task<string> ReadStateAsync(Session session, CancellationToken cancellationToken) =>
        await session.TextAsync("SELECT @@GLOBAL.gtid_binlog_state", cancellationToken) ?? "";

    public string Merge(string one, string other) => MariaDbGtidState.Parse(one).Merge(MariaDbGtidState.Parse(other)).ToString();

    public bool Covers(string applied, string received) =>
        MariaDbGtidState.Parse(applied).CoversDomainsOf(MariaDbGtidState.Parse(received));

    /// <summary>By server: the end of a domain alone would hide what one master wrote behind what the next one did.</summary>
    public Task<string> MissingAsync(Session session, string mine, string other, CancellationToken cancellationToken) =>
        Task.FromResult(string.Join(',', MariaDbGtidState.Parse(other).Beyond(MariaDbGtidState.Parse(mine))));

    public Task<PositionComparison> CompareAsync(Session session, string mine, string other, CancellationToken cancellationToken) =>
        Task.FromResult(Compare(MariaDbGtidState.Parse(mine), MariaDbGtidState.Parse(other)));

    public static PositionComparison Compare(MariaDbGtidState mine, MariaDbGtidState other)
    {
        var onlyHere = mine.Beyond(other).ToList();
        var onlyThere = other.Beyond(mine).ToList();
        return (onlyHere.Count, onlyThere.Count) switch
        {
            (0, 0) => new PositionComparison.Equal(),
            (0, _) => new PositionComparison.Behind(other.CountBeyond(mine)),
            (_, 0) => new PositionComparison.Ahead(mine.CountBeyond(other)),
            _ =>
                new PositionComparison.Diverged(
                    $"only here: up to {string.Join(", ", onlyHere)}; only there: up to {string.Join(", ", onlyThere)}"),
        };
    }

    public async Task<bool> WaitAsync(Session session, string state, TimeSpan patience, CancellationToken cancellationToken)
    {
        var wanted = MariaDbGtidState.Parse(state);

        // A master's own transactions are in its log, and MASTER_GTID_WAIT does not see them.
        if (MariaDbGtidState.Parse(await ReadStateAsync(session, cancellationToken)).CoversDomainsOf(wanted))
        {
            return true;
        }

        var position = string.Join(',', wanted.LastOfEachDomain());
        return await session.WaitAsync("SELECT MASTER_GTID_WAIT(@position, @seconds)", position, patience, cancellationToken) == 0;
    }
}
