using Dbaas.GuestProtocol.Reports;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>What a server says about itself at one look.</summary>
/// <param name="Version">Its own.</param>
/// <param name="ReadOnly">Ordinary clients cannot write.</param>
/// <param name="LogOn">It writes its binary log.</param>
/// <param name="Replica">Whom it follows, and how; null: nobody.</param>
/// <param name="Mark">Of the option file that it was started with; null: that has none.</param>
internal sealed record ServerAnswer(string Version, bool ReadOnly, bool LogOn, ReplicaStatus? Replica, string? Mark)
{
    /// <summary>The logs for people that it writes, by the parameters that say so.</summary>
    public required IReadOnlyList<string> WrittenLogs { get; init; }

    /// <summary>How much it is used, as of the last look that asked for it; null: none did.</summary>
    public ServerFigures? Figures { get; init; }
}
