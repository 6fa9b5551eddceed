using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>What can be asked of positions. Both sides are of one epoch.</summary>
internal interface IGtids
{
    /// <summary>All transactions that this server has, as text.</summary>
    Task<string> ReadStateAsync(Session session, CancellationToken cancellationToken);

    /// <summary>The union of two states that belong to one history.</summary>
    string Merge(string one, string other);

    /// <summary>Everything that was received was applied too. Of nothing received: true.</summary>
    bool Covers(string applied, string received);

    /// <summary>What is in the other state and not in this server's, as text; empty: nothing.</summary>
    Task<string> MissingAsync(Session session, string mine, string other, CancellationToken cancellationToken);

    /// <summary>This server's state against another's.</summary>
    Task<PositionComparison> CompareAsync(Session session, string mine, string other, CancellationToken cancellationToken);

    /// <summary>Waits in the server, at most so long, until it has applied the state. False: not yet.</summary>
    Task<bool> WaitAsync(Session session, string state, TimeSpan patience, CancellationToken cancellationToken);
}
