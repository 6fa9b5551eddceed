using Dbaas.Domain.Configurations;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Sets;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Creation;

/// <summary>A request that has passed every check that only reads: what is to be written.</summary>
/// <param name="Instances">The new instances; several when more than one slave is asked for.</param>
/// <param name="MasterId">Their master; null: stand-alone.</param>
/// <param name="Configuration">Their configuration group.</param>
/// <param name="IsRootEnabled">Root comes with the data of their master, or of the backup.</param>
internal sealed record CreatePlan(
    IReadOnlyList<PlannedInstance> Instances, string? MasterId, ConfigurationGroup? Configuration, bool IsRootEnabled)
{
    /// <summary>The backups that their data is made from, the complete one first; empty: none.</summary>
    public IReadOnlyList<string> BackupIds { get; init; } = [];

    /// <summary>What becomes of the set that they join; null: that stays as it is.</summary>
    public FailoverPolicy? Failover { get; init; }

    /// <summary>The id of that set, if nothing was decided for it before.</summary>
    public string NewSetId { get; init; } = "";

    /// <summary>What is to be known of where the data comes from: a line in their histories; null: nothing.</summary>
    public string? Note { get; init; }
}

/// <summary>One of them. All ids are chosen before the unit of work, so that running it again writes the same.</summary>
/// <param name="Instance">Its row, but for the server number.</param>
/// <param name="OperationId">Who builds it.</param>
/// <param name="HistoryId">The line that says so.</param>
/// <param name="Kind">The kind of operation.</param>
/// <param name="Goal">The operation's goal.</param>
internal sealed record PlannedInstance(Instance Instance, string OperationId, string HistoryId, string Kind, string Goal);
